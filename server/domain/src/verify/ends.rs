//! Invariant 7: no last day has passed without its resource ended, extended or marked, and what is paid up front ends
//! with its last term.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{order, resource, resource_term};
use model::{OrderKind, OrderState, ResourceId, ResourceState};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Finding, next_resources};
use crate::core::Core;
use crate::provisioning::find_open_order;
use crate::provisioning::lifetime::Around;

/// The system looks every few minutes; only if it does not, something is wrong.
const SLACK: TimeDelta = TimeDelta::hours(2);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last = None;
    loop {
        let resources = next_resources(core, last).await?;
        let Some(end) = resources.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids: BTreeSet<ResourceId> = resources.iter().map(|row| row.id).collect();
        let rows = resource_term::Entity::find()
            .filter(resource_term::Column::ResourceId.is_in(ids))
            .order_by_asc(resource_term::Column::TermFrom)
            .all(core.read())
            .await?;
        let mut terms: BTreeMap<ResourceId, Vec<resource_term::Model>> = BTreeMap::new();
        for row in rows {
            terms.entry(row.resource_id).or_default().push(row);
        }
        for resource in &resources {
            let terms = terms.remove(&resource.id).unwrap_or_default();
            findings.extend(ends_with(resource, &terms));
            findings.extend(overdue(core, resource).await?);
        }
    }
}

fn ends_with(resource: &resource::Model, terms: &[resource_term::Model]) -> Vec<Finding> {
    let subject = || format!("resource {}", resource.id);
    let mut findings = Vec::new();
    for (one, next) in terms.iter().zip(terms.iter().skip(1)) {
        if one.term_until > next.term_from {
            let text = format!("two terms are paid for {}", next.term_from);
            findings.push(Finding::new(7, subject(), text));
        }
    }
    let paid = terms.last().map(|term| term.days().last_day);
    if paid.is_some() && paid != resource.end_date {
        findings.push(Finding::new(
            7,
            subject(),
            "it does not end with the term that is paid",
        ));
    }
    findings
}

async fn overdue(core: &Core, resource: &resource::Model) -> Result<Option<Finding>, DbErr> {
    let at_work = [
        ResourceState::Creating,
        ResourceState::Updating,
        ResourceState::Terminating,
        ResourceState::Terminated,
    ];
    if at_work.contains(&resource.state) {
        return Ok(None);
    }
    // A resource without its project is a finding of the database itself.
    let Ok(around) = Around::load(core.read(), resource).await else {
        return Ok(None);
    };
    let Some(end) = around.end(resource) else {
        return Ok(None);
    };
    let kept = around.kept_until(resource).unwrap_or(end.last_day);
    let over = kept.checked_add_days(Days::new(1)).unwrap_or(kept);
    // What its backend brought late can be ended only then.
    let since = last_finished(core, resource).await?.max(resource.activated_at);
    let due = around.zone.start_of(over);
    if core.now() < since.map_or(due, |since| since.max(due)) + SLACK {
        return Ok(None);
    }
    if let Some(open) = find_open_order(core.read(), resource).await? {
        let open = order::Entity::find_by_id(open).one(core.read()).await?;
        if open.is_some_and(|open| open.kind == OrderKind::Terminate) {
            return Ok(None);
        }
    }
    let text = format!("its last day, {}, is over, and nobody ends it", end.last_day);
    Ok(Some(Finding::new(7, format!("resource {}", resource.id), text)))
}

/// When the last change of the resource was carried out.
async fn last_finished(core: &Core, resource: &resource::Model) -> Result<Option<DateTime<Utc>>, DbErr> {
    let finished: Option<Option<DateTime<Utc>>> = order::Entity::find()
        .select_only()
        .column_as(order::Column::FinishedAt.max(), "last")
        .filter(order::Column::ResourceId.eq(resource.id))
        .filter(order::Column::State.eq(OrderState::Done))
        .into_tuple()
        .one(core.read())
        .await?;
    Ok(finished.flatten())
}
