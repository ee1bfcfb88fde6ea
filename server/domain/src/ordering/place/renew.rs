//! Renewing: another term for a resource that is paid up front.
//!
//! A term that is added begins on the day after the last one, or on the day on which the renewal is carried out where
//! that is over: days of grace are not billed. It is owed on its first day.

use model::{Binding, Occasion, OrderId, OrderKind, Quote, QuoteRequest, RenewDraft, ResourceId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::ordered_resource::OrderedResource;
use super::submit::{NewOrder, submit_in};
use crate::access::Actor;
use crate::check::Check;
use crate::core::Core;
use crate::ordering::check::end;
use crate::ordering::price::cost::{Cost, starting};
use crate::ordering::price::offer::Offer;
use crate::ordering::{Ordering, OrderingError};
use crate::provisioning::lifetime::{last_day_after, next_term};

impl Ordering {
    /// Orders another term. Answers the order. Refused where nothing is paid up front, where an order for the resource is
    /// open, where the term is not one that the provider sells, and where it would end after the project.
    pub async fn place_renew(
        &self,
        actor: &Actor,
        draft: RenewDraft,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        self.place_renew_once(actor, draft, idem, true).await
    }

    /// Everything that the cost of another term depends on, with the shortest one: a form prices from it what is typed,
    /// with the function that the server uses.
    pub async fn renew_terms(&self, actor: &Actor, id: ResourceId) -> Result<QuoteRequest, OrderingError> {
        let db = self.core.read();
        let ordered = OrderedResource::look_at(db, actor, id).await?;
        let today = ordered.parties.buyer.today(&self.core);
        let plan = Some(&ordered.parties.plan);
        let offer = Offer::now(db, ordered.resource.offering_id, plan, self.core.now()).await?;
        let months = ordered.parties.sale.offering.duration_rules()?.least();
        let start = next_term(&ordered.terms, today);
        let held = ordered.held.clone();
        let cost = Cost {
            start: starting(start, ordered.parties.buyer.local_now(&self.core)),
            last_day: last_day_after(&ordered.terms, start, months),
            paid_term: None,
            ..ordered.cost(&self.core, Occasion::Renew, &offer, held)
        };
        Ok(cost.request())
    }

    /// What another term would cost if it were ordered now. Whether the order would be taken is not checked, only its
    /// term.
    pub async fn quote_renew(&self, actor: &Actor, draft: &RenewDraft) -> Result<Quote, OrderingError> {
        let db = self.core.read();
        let ordered = OrderedResource::look_at(db, actor, draft.resource_id).await?;
        Ok(priced(&self.core, db, &ordered, draft.months).await?.1.0)
    }
}

pub(super) async fn renew_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    draft: &RenewDraft,
) -> Result<OrderId, OrderingError> {
    let ordered = OrderedResource::load(tx, actor, draft.resource_id).await?;
    ordered.check_change(core, tx, false).await?;
    ordered.parties.sale.check_renewable()?;
    ordered
        .parties
        .buyer
        .check_open(ordered.parties.buyer.today(core))?;
    let (last_day, quote) = priced(core, tx, &ordered, draft.months).await?;
    let new_order = NewOrder {
        last_day: Some(last_day),
        term_months: Some(draft.months),
        ..ordered.new_order(OrderKind::Renew, ordered.held.clone(), Some(quote), String::new())
    };
    submit_in(core, tx, actor, &ordered.parties, new_order).await
}

/// The last day of the term and what it costs.
async fn priced(
    core: &Core,
    db: &impl ConnectionTrait,
    ordered: &OrderedResource,
    months: u32,
) -> Result<(chrono::NaiveDate, (Quote, Binding)), OrderingError> {
    let today = ordered.parties.buyer.today(core);
    let (offering, plan) = (ordered.resource.offering_id, &ordered.parties.plan);
    // A renewal binds anew: the newest prices that have begun.
    let offer = Offer::now(db, offering, Some(plan), core.now()).await?;
    if !offer.components.iter().any(|component| component.terms.prepaid) {
        return Err(OrderingError::NotOrderable(format!(
            "Nothing of {} is paid up front for a term, so there is nothing to renew. Change its last day instead.",
            ordered.resource.name
        )));
    }
    let from = next_term(&ordered.terms, today);
    let mut check = Check::default();
    let rules = ordered.parties.sale.offering.duration_rules()?;
    check.extend(model::months_fault("months", months, &rules));
    let last = last_day_after(&ordered.terms, from, months).unwrap_or(chrono::NaiveDate::MAX);
    check.ensure(
        last >= today,
        "months",
        "past",
        "Choose a longer term: this one is over already.",
    );
    ordered.parties.buyer.check_within(&mut check, "months", last);
    let held = ordered.held.clone();
    let cost = Cost {
        start: starting(from, ordered.parties.buyer.local_now(core)),
        last_day: Some(last),
        paid_term: None,
        ..ordered.cost(core, Occasion::Renew, &offer, held)
    };
    let quote = cost.quote(&mut check)?;
    end(check)?;
    let quote = quote.ok_or(OrderingError::NotFound { what: "plan" })?;
    Ok((last, (quote, offer.binding)))
}
