//! Invariant 7, of what was agreed: a resource ends on the day that somebody gave it, and every term that was ordered is
//! there as it was ordered, unless the log tells that its project ended before it.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{audit_event, order, resource, resource_term};
use model::{EventKind, OrderId, OrderState, ResourceId, last_day_of_term};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value as Json;

use super::{Finding, next_resources, told};
use crate::core::Core;
use crate::provisioning::lifetime::last_day_after;

const VERBS: [EventKind; 3] = [
    EventKind::ResourceEndChanged,
    EventKind::ResourceRenewed,
    EventKind::ResourceTermCut,
];

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last = None;
    loop {
        let resources = next_resources(core, last).await?;
        let Some(end) = resources.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids = || resources.iter().map(|row| row.id);
        let told = told::events(core, &VERBS, ids().map(|id| id.0)).await?;
        let terms = terms(core, ids()).await?;
        let orders = orders(core, ids()).await?;
        for row in resources.iter().filter(|row| row.activated_at.is_some()) {
            let terms = terms.get(&row.id).map_or(&[][..], Vec::as_slice);
            let orders = orders.get(&row.id).map_or(&[][..], Vec::as_slice);
            let events = told.get(&row.id.0).map_or(&[][..], Vec::as_slice);
            let texts = [
                wrong_end(row, terms, orders, events),
                wrong_term(terms, orders, events),
            ];
            let texts = texts.into_iter().flatten();
            findings.extend(texts.map(|text| Finding::new(7, format!("resource {}", row.id), text)));
        }
    }
}

async fn terms(
    core: &Core,
    ids: impl Iterator<Item = ResourceId>,
) -> Result<BTreeMap<ResourceId, Vec<resource_term::Model>>, DbErr> {
    let rows = resource_term::Entity::find()
        .filter(resource_term::Column::ResourceId.is_in(ids))
        .order_by_asc(resource_term::Column::TermFrom);
    let mut terms: BTreeMap<ResourceId, Vec<resource_term::Model>> = BTreeMap::new();
    for row in rows.all(core.read()).await? {
        terms.entry(row.resource_id).or_default().push(row);
    }
    Ok(terms)
}

/// Orders that were carried out.
async fn orders(
    core: &Core,
    ids: impl Iterator<Item = ResourceId>,
) -> Result<HashMap<ResourceId, Vec<order::Model>>, DbErr> {
    let rows = order::Entity::find()
        .filter(order::Column::ResourceId.is_in(ids))
        .filter(order::Column::State.eq(OrderState::Done))
        .order_by_asc(order::Column::Id);
    let mut orders: HashMap<ResourceId, Vec<order::Model>> = HashMap::new();
    for row in rows.all(core.read()).await? {
        if let Some(id) = row.resource_id {
            orders.entry(id).or_default().push(row);
        }
    }
    Ok(orders)
}

/// The last day is what the log tells last, or else what the first order asked for.
fn wrong_end(
    row: &resource::Model,
    terms: &[resource_term::Model],
    orders: &[order::Model],
    events: &[audit_event::Model],
) -> Option<String> {
    let right = match events.last() {
        Some(event) => day(event.after.get("end_date")),
        None => {
            let first = orders.iter().find(|order| order.id == row.order_id)?;
            let term = terms.iter().find(|term| term.order_id == row.order_id);
            term.map(|term| term.days().last_day).or(first.end_date)
        }
    };
    let shown = |day: Option<NaiveDate>| day.map_or_else(|| "none".to_owned(), |day| day.to_string());
    (row.end_date != right).then(|| {
        let (stored, right) = (shown(row.end_date), shown(right));
        format!("its last day: {stored} is stored, {right} was agreed")
    })
}

fn day(told: Option<&Json>) -> Option<NaiveDate> {
    told?.as_str()?.parse().ok()
}

/// Each order of a term has made one of that many months, or of what the log tells was left of it. Earlier releases counted
/// each term from its own first day.
fn wrong_term(
    terms: &[resource_term::Model],
    orders: &[order::Model],
    events: &[audit_event::Model],
) -> Option<String> {
    let of_order = |id: OrderId| terms.iter().enumerate().find(|(_, term)| term.order_id == id);
    orders.iter().find_map(|order| {
        let months = u32::try_from(order.term_months?).ok()?;
        let fits = of_order(order.id).is_some_and(|(index, term)| {
            let before = terms.get(..index).unwrap_or_default();
            let whole = last_day_after(before, term.term_from, months);
            let right = match cut_to(order.id, events) {
                Some(cut) => [Some(cut), None],
                None => [whole, last_day_of_term(term.term_from, months)],
            };
            right.contains(&Some(term.days().last_day))
        });
        (!fits).then(|| {
            format!(
                "the term of {months} months that order {} paid for is not there",
                order.id
            )
        })
    })
}

/// The last day at which the term of an order was cut, because its project ended there.
fn cut_to(id: OrderId, events: &[audit_event::Model]) -> Option<NaiveDate> {
    let of_order = |event: &&audit_event::Model| {
        let order = event.after.get("order").and_then(Json::as_str);
        event.verb == EventKind::ResourceTermCut && order == Some(id.to_string().as_str())
    };
    day(events.iter().find(of_order)?.after.get("end_date"))
}
