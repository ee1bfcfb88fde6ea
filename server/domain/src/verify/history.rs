//! Invariant 6, for what charges are computed from: the stretches of a resource follow each other within its life, each
//! is bound to versions that were published for its plan by then, and the zones of an organization follow each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{organization, plan_price, plan_terms, resource, resource_interval};
use model::{PlanId, ResourceId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Finding, next_resources};
use crate::core::Core;

/// Plan and first instant of each version of prices and terms.
type Published = HashMap<Uuid, (PlanId, DateTime<Utc>)>;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let organizations = organization::Entity::find().all(core.read()).await?;
    let mut findings: Vec<Finding> = organizations.iter().filter_map(zones).collect();
    let published = published(core).await?;
    let mut last = None;
    loop {
        let resources = next_resources(core, last).await?;
        let Some(end) = resources.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids: BTreeSet<ResourceId> = resources.iter().map(|row| row.id).collect();
        let rows = resource_interval::Entity::find()
            .filter(resource_interval::Column::ResourceId.is_in(ids))
            .all(core.read())
            .await?;
        let mut intervals: BTreeMap<ResourceId, Vec<resource_interval::Model>> = BTreeMap::new();
        for row in rows {
            intervals.entry(row.resource_id).or_default().push(row);
        }
        for resource in &resources {
            let mut own = intervals.remove(&resource.id).unwrap_or_default();
            own.sort_by_key(resource_interval::Model::place);
            let texts = follow(resource, &own).into_iter().chain(bound(&own, &published)?);
            findings.extend(texts.map(|text| Finding::new(6, format!("resource {}", resource.id), text)));
        }
    }
}

async fn published(core: &Core) -> Result<Published, DbErr> {
    let prices = plan_price::Entity::find()
        .select_only()
        .columns([
            plan_price::Column::Id,
            plan_price::Column::PlanId,
            plan_price::Column::StartsAt,
        ])
        .into_tuple::<(Uuid, PlanId, DateTime<Utc>)>()
        .all(core.read())
        .await?;
    let terms = plan_terms::Entity::find()
        .select_only()
        .columns([
            plan_terms::Column::Id,
            plan_terms::Column::PlanId,
            plan_terms::Column::StartsAt,
        ])
        .into_tuple::<(Uuid, PlanId, DateTime<Utc>)>()
        .all(core.read())
        .await?;
    let all = prices.into_iter().chain(terms);
    Ok(all.map(|(id, plan, starts)| (id, (plan, starts))).collect())
}

/// One stretch after the other, from when it ran until it was gone.
fn follow(resource: &resource::Model, intervals: &[resource_interval::Model]) -> Vec<String> {
    let mut texts = Vec::new();
    let shown = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    for (one, next) in intervals.iter().zip(intervals.iter().skip(1)) {
        if one.ends_at.is_none_or(|end| end > next.starts_at) {
            let from = shown(next.starts_at);
            texts.push(format!("two plans or sets of limits are in force from {from} on"));
        }
    }
    for one in intervals {
        if one.ends_at.is_some_and(|end| end < one.starts_at) {
            texts.push(format!(
                "what begins on {} ends before that",
                shown(one.starts_at)
            ));
        }
        if resource.activated_at.is_none_or(|at| one.starts_at < at) {
            let from = shown(one.starts_at);
            texts.push(format!("it is billed from {from} on, when it did not run yet"));
        }
        let gone = resource.terminated_at;
        if gone.is_some_and(|gone| one.ends_at.is_none_or(|end| end > gone)) {
            texts.push("it is gone, and billed on".to_owned());
        }
    }
    texts
}

/// Bindings name versions of the plan that had begun.
fn bound(intervals: &[resource_interval::Model], published: &Published) -> Result<Vec<String>, DbErr> {
    let mut texts = Vec::new();
    for one in intervals {
        let binding = one.bound()?;
        let prices = binding.prices.iter().map(|price| price.0);
        for version in prices.chain(binding.terms.map(|terms| terms.0)) {
            let begun = |(plan, starts): &(PlanId, DateTime<Utc>)| {
                *plan == one.plan_id
                    && *starts <= one.starts_at.max(binding.placed_at.unwrap_or(one.starts_at))
            };
            if !published.get(&version).is_some_and(begun) {
                texts.push(format!(
                    "its order has bound version {version}, which its plan did not have then"
                ));
            }
        }
    }
    Ok(texts)
}

/// The first zone holds from the beginning, each other one from a later month on.
fn zones(row: &organization::Model) -> Option<Finding> {
    let months = row.zones.0.iter().map(|since| since.from);
    let in_order = months.is_sorted_by(|one, next| next.is_some() && one < next);
    let from_beginning = row.zones.0.first().is_some_and(|first| first.from.is_none());
    (!in_order || !from_beginning).then(|| {
        let text = "its time zones do not follow each other";
        Finding::new(6, format!("organization {}", row.id), text)
    })
}
