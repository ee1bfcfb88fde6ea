//! What an order is priced by: components with their prices, the plan's terms, and the versions that it binds.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{component, plan};
use model::{
    Binding, ComponentId, Currency, OfferingId, PlanTerms, PreviousPlan, PriceVersion, PricedComponent,
    ToCome, price_timeline, terms_timeline,
};
use sea_orm::ConnectionTrait;

use crate::catalogue::{PlanVersions, versions_of_plan};
use crate::ordering::OrderingError;

/// For how long anybody is asked about an order, and so for how long its quote holds for each side that is.
pub(in crate::ordering) const QUOTE_HOLDS: TimeDelta = Binding::HOLDS;

/// The versions that an order is priced by.
#[derive(Debug, Clone)]
pub(in crate::ordering) struct Offer {
    /// Every component that is priced or limited.
    pub(in crate::ordering) components: Vec<PricedComponent>,
    /// None without a plan: then prices are zero, and only the limits can be checked.
    pub(in crate::ordering) terms: Option<PlanTerms>,
    pub(in crate::ordering) binding: Binding,
    /// What is published and will reach who has bound these versions.
    pub(in crate::ordering) to_come: Vec<ToCome>,
}

impl Offer {
    /// For who orders at `now`, anew or by a switch: the newest versions that have begun.
    pub(in crate::ordering) async fn now(
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
                to_come: Vec::new(),
            });
        };
        let versions = versions_of_plan(db, plan).await?;
        refuse_unpriced(plan, &rows, &versions)?;
        refuse_to_come(plan, &versions, now)?;
        let price = |id: ComponentId| versions.price_at(id, now);
        let binding = versions.bind(now, now.checked_add_signed(QUOTE_HOLDS))?;
        Ok(Self {
            components: components(&rows, price),
            terms: Some(versions.terms_at(now)?.terms),
            to_come: versions.to_come(&rows, &binding, now),
            binding,
        })
    }

    /// For who has these versions bound already: those that they come to at `now`. What they protect from, and until
    /// when, stays as the first order said.
    pub(in crate::ordering) async fn under(
        db: &impl ConnectionTrait,
        offering: OfferingId,
        plan: &plan::Model,
        bound: Binding,
        now: DateTime<Utc>,
    ) -> Result<Self, OrderingError> {
        let rows = component::Entity::find_of_offering(offering).all(db).await?;
        let versions = versions_of_plan(db, plan).await?;
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
            to_come: versions.to_come(&rows, &bound, now),
            // Bound anew, terms that came meanwhile would shorten the notice of prices that were published before them.
            binding: bound,
        })
    }

    /// The plan as one that is left.
    pub(in crate::ordering) fn previous(self, currency: Currency) -> Option<PreviousPlan> {
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
    let names = versions.unpriced(rows);
    if names.is_empty() {
        return Ok(());
    }
    Err(OrderingError::NotOrderable(format!(
        "The plan {} has no price for {} yet. Ask the provider.",
        plan.name,
        names.join(", ")
    )))
}

/// A plan is had from its first price on. By a clock that is behind the one of whoever published it, that is later too.
fn refuse_to_come(
    plan: &plan::Model,
    versions: &PlanVersions,
    now: DateTime<Utc>,
) -> Result<(), OrderingError> {
    if !versions.is_to_come(now) {
        return Ok(());
    }
    Err(OrderingError::NotOrderable(format!(
        "The prices of the plan {} have not begun yet; the offering's page says when they do. Order it then, or choose another plan.",
        plan.name
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
