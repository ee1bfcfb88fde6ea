//! What other limits of a resource come to: for the order, and for those who ask before they order.

use entity::json::Limits;
use model::{LaterTerm, LimitsDraft, Occasion, Quote, QuoteRequest, ResourceId};
use sea_orm::ConnectionTrait;

use super::ordered_resource::OrderedResource;
use crate::access::Actor;
use crate::check::Check;
use crate::core::Core;
use crate::ordering::check::end;
use crate::ordering::price::cost::{Cost, settled_limits};
use crate::ordering::price::offer::Offer;
use crate::ordering::{Ordering, OrderingError};

/// Limits that are asked for, with what they are priced by.
pub(super) struct LimitsChange {
    pub(in crate::ordering) offer: Offer,
    /// Of every limited component, what holds after the change.
    pub(in crate::ordering) limits: Limits,
    /// The same with what is asked for of components that have no limit, so that unknown codes are told.
    pub(in crate::ordering) asked: Limits,
    /// What follows the running term.
    later_terms: Vec<LaterTerm>,
}

impl LimitsChange {
    /// What is not `chosen` stays. Answers the resource that it is about, with what of it is paid.
    pub(in crate::ordering) async fn of(
        core: &Core,
        db: &impl ConnectionTrait,
        ordered: OrderedResource,
        chosen: Limits,
    ) -> Result<(OrderedResource, Self), OrderingError> {
        let offer = ordered.offer(core, db).await?;
        let ordered = ordered.with_paid(core, db, &offer.components).await?;
        let limits = settled_limits(&offer.components, &chosen, Some(&ordered.held));
        let mut asked = limits.clone();
        asked.extend(chosen);
        let later_terms = ordered.later_terms(core, db, None).await?;
        let change = Self {
            offer,
            limits,
            asked,
            later_terms,
        };
        Ok((ordered, change))
    }

    pub(in crate::ordering) fn cost<'a>(&self, core: &Core, ordered: &'a OrderedResource) -> Cost<'a> {
        Cost {
            later_terms: self.later_terms.clone(),
            ..ordered.cost(core, Occasion::ChangeLimits, &self.offer, self.asked.clone())
        }
    }
}

impl Ordering {
    /// Everything that the cost of other limits depends on, with the limits that are held: a form prices from it what
    /// is typed, with the function that the server uses.
    pub async fn limits_terms(&self, actor: &Actor, id: ResourceId) -> Result<QuoteRequest, OrderingError> {
        let db = self.core.read();
        let ordered = OrderedResource::look_at(db, actor, id).await?;
        ordered.check_lasts(&self.core)?;
        let (ordered, change) = LimitsChange::of(&self.core, db, ordered, Limits::new()).await?;
        Ok(change.cost(&self.core, &ordered).request())
    }

    /// What other limits would cost if they were ordered now. Limits that are not named stay. Whether the order would
    /// be taken is not checked, only its limits.
    pub async fn quote_change_limits(
        &self,
        actor: &Actor,
        draft: LimitsDraft,
    ) -> Result<Quote, OrderingError> {
        let db = self.core.read();
        let ordered = OrderedResource::look_at(db, actor, draft.resource_id).await?;
        ordered.check_lasts(&self.core)?;
        let (ordered, change) = LimitsChange::of(&self.core, db, ordered, draft.limits).await?;
        let mut check = Check::default();
        let quote = change.cost(&self.core, &ordered).quote(&mut check)?;
        end(check)?;
        quote.ok_or_else(|| ordered.no_term())
    }
}
