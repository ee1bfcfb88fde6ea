//! A renewal binds anew: from the first day of its term on, prices and terms are those that its order was quoted. What the
//! resource had before keeps counting until then.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{order, resource_interval, resource_term};
use model::{Binding, OrderId, OrderKind, PlanId, ResourceId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::zone::Zone;

/// What a renewal has bound.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Renewal {
    /// The first day of its term, in the buyer's zone.
    pub(crate) first_day: NaiveDate,
    plan: PlanId,
    binding: Binding,
}

impl Renewal {
    /// What counts from its first day on instead of `bound`; none where the plan was switched since it was ordered.
    pub(crate) fn instead_of(&self, plan: PlanId, bound: &Binding) -> Option<&Binding> {
        let is_newer = bound.placed_at <= self.binding.placed_at;
        (plan == self.plan && is_newer).then_some(&self.binding)
    }
}

/// The renewals among these terms by resource, in the order of the terms. One query; none without terms.
pub(crate) async fn renewals(
    db: &impl ConnectionTrait,
    terms: &[resource_term::Model],
) -> Result<BTreeMap<ResourceId, Vec<Renewal>>, DbErr> {
    let mut renewals: BTreeMap<ResourceId, Vec<Renewal>> = BTreeMap::new();
    if terms.is_empty() {
        return Ok(renewals);
    }
    let orders = order::Entity::find()
        .filter(order::Column::Id.is_in(terms.iter().map(|term| term.order_id)))
        .filter(order::Column::Kind.eq(OrderKind::Renew))
        // What was ordered before orders bound versions has bound nothing.
        .filter(order::Column::Binding.is_not_null())
        .all(db)
        .await?;
    let orders: HashMap<OrderId, order::Model> = orders.into_iter().map(|row| (row.id, row)).collect();
    for term in terms {
        let Some(order) = orders.get(&term.order_id) else {
            continue;
        };
        let bound = order.bound()?;
        let binding = match order.finished_at {
            Some(at) => bound.begun(at),
            None => bound,
        };
        renewals.entry(term.resource_id).or_default().push(Renewal {
            first_day: term.term_from,
            plan: order.plan_id,
            binding,
        });
    }
    Ok(renewals)
}

/// The versions to which a resource is bound at `now` in its present stretch. `terms` are all of its own.
pub(crate) async fn bound_at(
    db: &impl ConnectionTrait,
    present: &resource_interval::Model,
    terms: &[resource_term::Model],
    (zone, now): (&Zone, DateTime<Utc>),
) -> Result<Binding, DbErr> {
    let renewals = renewals(db, terms).await?;
    let own = renewals.get(&present.resource_id).map_or(&[][..], Vec::as_slice);
    bound_among(present, own, (zone, now))
}

/// The same, where the resource's renewals are known.
pub(super) fn bound_among(
    present: &resource_interval::Model,
    renewals: &[Renewal],
    (zone, now): (&Zone, DateTime<Utc>),
) -> Result<Binding, DbErr> {
    let mut bound = present.bound()?;
    for renewal in renewals.iter().filter(|one| zone.start_of(one.first_day) <= now) {
        if let Some(newer) = renewal.instead_of(present.plan_id, &bound) {
            bound = newer.clone();
        }
    }
    Ok(bound)
}
