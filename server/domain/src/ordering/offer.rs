//! What an order is priced by: components with their prices, the plan's terms, and the versions that it binds.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{component, plan, resource_interval};
use model::{
    Binding, ComponentId, Currency, OfferingId, PlanTerms, PreviousPlan, PriceVersion, PricedComponent,
    price_timeline, terms_timeline,
};
use sea_orm::ConnectionTrait;

use super::OrderingError;
use super::ordered_resource::OrderedResource;
use crate::catalogue::{PlanVersions, versions_of_plan};
use crate::provisioning::renewals::bound_at;

/// For how long a quote holds, and so for how long anybody is asked about an order.
pub(super) const QUOTE_HOLDS: TimeDelta = TimeDelta::days(30);

/// The versions that an order is priced by.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    /// Every component that is priced or limited.
    pub(super) components: Vec<PricedComponent>,
    /// None without a plan: then prices are zero, and only the limits can be checked.
    pub(super) terms: Option<PlanTerms>,
    pub(super) binding: Binding,
}

impl Offer {
    /// For who orders at `now`, anew or by a switch: the newest versions that have begun.
    pub(super) async fn now(
        db: &impl ConnectionTrait,
        offering: OfferingId,
        plan: Option<&plan::Model>,
        now: DateTime<Utc>,
    ) -> Result<Self, OrderingError> {
        let rows = component::Entity::find_of_offering(offering).all(db).await?;
        let Some(plan) = plan else {
            return Ok(Self {
                components: components(&rows, |_| None),
                terms: None,
                binding: Binding::default(),
            });
        };
        let versions = versions_of_plan(db, plan).await?;
        refuse_unpriced(plan, &rows, &versions)?;
        let price = |id: ComponentId| versions.price_at(id, now);
        Ok(Self {
            components: components(&rows, price),
            terms: Some(versions.terms_at(now)?.terms),
            binding: versions.bind(now, now.checked_add_signed(QUOTE_HOLDS))?,
        })
    }

    /// For a change of a resource within its plan: the versions that it has at `now`. What they protect it from, and
    /// until when, stays as its first order said.
    pub(super) async fn of_resource(
        db: &impl ConnectionTrait,
        ordered: &OrderedResource,
        now: DateTime<Utc>,
    ) -> Result<Self, OrderingError> {
        let (resource, plan) = (&ordered.resource, &ordered.parties.plan);
        let rows = component::Entity::find_of_offering(resource.offering_id)
            .all(db)
            .await?;
        let versions = versions_of_plan(db, plan).await?;
        let present = resource_interval::Entity::find_present(resource.id)
            .one(db)
            .await?;
        let bound = match &present {
            Some(present) => {
                bound_at(db, present, &ordered.terms, (&ordered.parties.buyer.zone, now)).await?
            }
            None => Binding::default(),
        };
        let terms = terms_timeline(&versions.terms, &bound);
        let terms_now = match terms.at(now) {
            Some(version) => version,
            None => versions.terms_at(now)?,
        };
        let price = |id: ComponentId| {
            let of_component = versions.prices.get(&id)?;
            price_timeline(of_component, &bound, &terms).at(now)
        };
        Ok(Self {
            components: components(&rows, price),
            terms: Some(terms_now.terms),
            // Bound anew, terms that came meanwhile would shorten the notice of prices that were published before them.
            binding: bound,
        })
    }
}

impl Offer {
    /// The plan as one that is left.
    pub(super) fn previous(self, currency: Currency) -> Option<PreviousPlan> {
        let terms = self.terms?;
        Some(PreviousPlan {
            currency,
            every: terms.billing_period,
            proration: terms.proration,
            mode: terms.charge_mode,
            components: self.components,
        })
    }
}

/// A component whose first price begins later costs nothing until then; one without any price is not for sale.
fn refuse_unpriced(
    plan: &plan::Model,
    rows: &[component::Model],
    versions: &PlanVersions,
) -> Result<(), OrderingError> {
    let unpriced = rows.iter().filter(|row| !versions.prices.contains_key(&row.id));
    let names: Vec<&str> = unpriced.map(|row| row.name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(OrderingError::NotOrderable(format!(
        "The plan {} has no price for {} yet. Ask the provider.",
        plan.name,
        names.join(", ")
    )))
}

/// Components with what they cost.
fn components<'v>(
    rows: &[component::Model],
    price: impl Fn(ComponentId) -> Option<&'v PriceVersion>,
) -> Vec<PricedComponent> {
    let with_price = |row: &component::Model| {
        PricedComponent::of(row.terms(), price(row.id).map(|version| version.price.clone()))
    };
    rows.iter().filter_map(with_price).collect()
}
