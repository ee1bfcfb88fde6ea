//! How much of each limit is used in its running period.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::json::Limits;
use entity::{component, resource, resource_term, usage_day};
use model::{BillingPeriod, ChargeType, Component, DateRange, Fixed, LimitUse, ResourceId, prepaid_window};
use sea_orm::sea_query::{Alias, Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

/// What says which period runs.
#[derive(Clone, Copy)]
pub(super) struct Running<'a> {
    /// How often the plan charges.
    pub(super) every: BillingPeriod,
    /// Terms that are paid up front.
    pub(super) terms: &'a [resource_term::Model],
    /// The buyer's day.
    pub(super) today: NaiveDate,
}

#[derive(Debug, FromQueryResult)]
struct Sum {
    component: String,
    quantity: i64,
}

/// Each component of the resource's offering that is limited or metered, with its limit and what was used of it since
/// its period began, in a plan that charges `every` so often; `today` is the buyer's. One query per distinct start of a period.
pub(super) async fn use_of_limits(
    db: &impl ConnectionTrait,
    resource: &resource::Model,
    components: Vec<component::Model>,
    limits: &Limits,
    running: Running<'_>,
) -> Result<Vec<LimitUse>, DbErr> {
    let expected = resource.use_expected()?;
    let terms: Vec<DateRange> = running.terms.iter().map(resource_term::Model::range).collect();
    let counted: Vec<_> = components
        .into_iter()
        .filter(|row| row.charge.is_measured())
        .map(|row| {
            let every = period(&row, running.every, expected.contains_key(&row.code));
            let start = period_start(row.prepaid, every, (&terms, running.today));
            (start, every, row)
        })
        .collect();
    let starts: BTreeSet<Option<NaiveDate>> = counted.iter().map(|(start, ..)| *start).collect();
    let mut used = BTreeMap::new();
    for start in starts {
        for sum in sums_since(db, resource.id, start).await? {
            used.insert((start, sum.component), Fixed::from_nanos(sum.quantity));
        }
    }
    let line = |(start, every, row): (Option<NaiveDate>, BillingPeriod, component::Model)| {
        let used = used.get(&(start, row.code.clone())).copied().unwrap_or_default();
        LimitUse {
            limit: limits.get(&row.code).copied(),
            expected: expected.get(&row.code).copied(),
            used,
            every,
            component: shown(row),
        }
    };
    Ok(counted.into_iter().map(line).collect())
}

/// The period in which use is counted.
fn period(row: &component::Model, every: BillingPeriod, is_expected: bool) -> BillingPeriod {
    let terms = row.terms();
    match row.charge {
        ChargeType::Limit => terms.every_in(every),
        // What is expected is expected a month.
        _ if terms.max.is_some() && !is_expected => terms.limit_period.of_cap(),
        _ => BillingPeriod::Month,
    }
}

/// First day of the period that runs on `day`; none for a limit over the whole life. Of a prepaid limit it is counted from
/// the start of its term; `terms` are in order. After the last term nothing begins anew: what it left is all there is. Use
/// is kept by the day, so that what counts by the hour counts by the day.
pub(super) fn period_start(
    is_prepaid: bool,
    every: BillingPeriod,
    (terms, day): (&[DateRange], NaiveDate),
) -> Option<NaiveDate> {
    // One that its project has cut to nothing is none.
    let begun = |term: &&DateRange| term.start <= day && term.start < term.end;
    if is_prepaid && let Some(term) = terms.iter().rfind(begun) {
        let last_day = term.end.pred_opt().unwrap_or(term.end);
        if let Some(window) = prepaid_window(every, *term, Ord::min(day, last_day)) {
            return Some(window.start);
        }
    }
    let every = if every == BillingPeriod::Hour {
        BillingPeriod::Day
    } else {
        every
    };
    every.containing(day).map(|range| range.start)
}

async fn sums_since(
    db: &impl ConnectionTrait,
    resource: ResourceId,
    start: Option<NaiveDate>,
) -> Result<Vec<Sum>, DbErr> {
    // PostgreSQL sums bigints to numeric; the cast brings the fixed-point integer back.
    let sum = Expr::col(usage_day::Column::Quantity)
        .sum()
        .cast_as(Alias::new("bigint"));
    let mut query = usage_day::Entity::find()
        .select_only()
        .column(usage_day::Column::Component)
        .column_as(sum, "quantity")
        .filter(usage_day::Column::ResourceId.eq(resource))
        .group_by(usage_day::Column::Component);
    if let Some(start) = start {
        query = query.filter(usage_day::Column::Day.gte(start));
    }
    query.into_model().all(db).await
}

fn shown(row: component::Model) -> Component {
    Component {
        id: row.id,
        terms: row.terms(),
        description: row.description,
        article_code: row.article_code,
    }
}
