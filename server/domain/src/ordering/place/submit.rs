//! Storing a new order together with everything that follows from it at once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::json::{self, Limits};
use entity::order;
use model::{
    Awaits, Binding, EventKind, Fixed, LONGEST_WAIT_DAYS, OrderId, OrderKind, OrderState, Progress, Quote,
    ResourceId, Side,
};
use sea_orm::prelude::Json;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, SqlErr};
use serde_json::json;

use super::answers::Answers;
use crate::access::Actor;
use crate::approvals::{Plan, insert_planned, plan};
use crate::audit::{self, Event};
use crate::core::Core;
use crate::crypto::SealedIn;
use crate::ordering::OrderingError;
use crate::ordering::carry_out::begin::begin_in;
use crate::ordering::moves::Waits;
use crate::ordering::parties::Parties;
use crate::ordering::price::offer::QUOTE_HOLDS;
use crate::ordering::reassign::reassign_where_too_few_in;
use crate::ordering::seal::fingerprint;

/// A checked order that is not stored yet.
pub(super) struct NewOrder {
    pub(in crate::ordering) kind: OrderKind,
    pub(in crate::ordering) resource_id: Option<ResourceId>,
    pub(in crate::ordering) resource_name: String,
    pub(in crate::ordering) limits: Limits,
    pub(in crate::ordering) limits_before: Limits,
    pub(in crate::ordering) expected_use: Limits,
    pub(in crate::ordering) answers: Answers,
    /// The questions, where they were answered with this order.
    pub(in crate::ordering) request_form: Option<Json>,
    /// The day on which it starts, where that lies ahead.
    pub(in crate::ordering) start: Option<NaiveDate>,
    pub(in crate::ordering) last_day: Option<NaiveDate>,
    pub(in crate::ordering) term_months: Option<u32>,
    /// What was shown, with the versions that it was computed from.
    pub(in crate::ordering) quote: Option<(Quote, Binding)>,
    pub(in crate::ordering) accepted_terms: Option<i32>,
    pub(in crate::ordering) reason: String,
}

impl NewOrder {
    /// Its quote binds for as long as it may wait. A change of limits binds nothing anew.
    fn held_until(mut self, until: Option<DateTime<Utc>>) -> Self {
        if let (Some((_, binding)), Some(until)) = (&mut self.quote, until)
            && self.kind != OrderKind::ChangeLimits
        {
            binding.hold_until(until);
        }
        self
    }
}

/// Until when an order may wait: for each of its steps as long as that may, and 60 days in all. One that waits for nobody holds
/// its quote as well.
fn may_wait_until(now: DateTime<Utc>, plan: &Plan) -> Option<DateTime<Utc>> {
    let days: i64 = plan.asked().map(|(_, ask)| i64::from(ask.due_days)).sum();
    let wait = match days {
        0 => QUOTE_HOLDS,
        days => TimeDelta::try_days(days.min(LONGEST_WAIT_DAYS.into()))?,
    };
    now.checked_add_signed(wait)
}

/// Stores the order in the first state that the rules leave it in, with the steps that they make of it, and begins it if
/// nobody must be asked. Refused where a rule takes no such order (`RefusedByRule`).
pub(super) async fn submit_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    parties: &Parties,
    new_order: NewOrder,
) -> Result<OrderId, OrderingError> {
    let cost = Cost::of(new_order.quote.as_ref().map(|(quote, _)| quote))?;
    let facts = parties.facts(actor, cost.commitment, parties.plan.currency);
    let rules = parties.rules(tx).await?;
    let plan = plan(&facts, parties.wanted(new_order.kind), &rules)
        .map_err(|refused| OrderingError::RefusedByRule(refused.reason))?;
    let waits_until = may_wait_until(core.now(), &plan);
    let new_order = new_order.held_until(waits_until);
    let awaits = Awaits {
        buyer: plan.asks(Side::Buyer),
        provider: plan.asks(Side::Provider),
        start: new_order.start.is_some(),
    };
    let state = awaits.first();
    let reason = new_order.reason.clone();
    let waits = match plan.asked().next() {
        Some((_, first)) => Waits::asking(core.now(), first.due_days),
        None => Waits::NOT,
    };
    let order = row_of(
        core,
        actor,
        parties,
        new_order,
        (state, &cost, waits, waits_until),
    )?;
    insert(tx, &order).await?;
    let open = insert_planned(core, tx, (order.id, order.requested_by), plan.steps).await?;
    let after = json!({ "state": state, "kind": order.kind, "monthly_cost": cost.monthly, "commitment": cost.commitment,
            "currency": order.currency, "fingerprint": fingerprint(&order) });
    let event = Event::new(actor, EventKind::OrderPlaced, order.id.0)
        .on(parties.target())
        .after(after)
        .reason(reason);
    audit::record_in(core, tx, event).await?;
    let id = order.id;
    if let Some(step) = open {
        reassign_where_too_few_in(core, tx, (&order, facts.asks()), step).await?;
    }
    if state == OrderState::Executing {
        begin_in(core, tx, actor, order).await?;
    }
    Ok(id)
}

/// The figures of a quote that orders are listed and decided by; an end costs nothing.
struct Cost {
    monthly: Fixed,
    first_invoice: Fixed,
    commitment: Fixed,
    higher_price_from: Option<NaiveDate>,
}

impl Cost {
    fn of(quote: Option<&Quote>) -> Result<Self, OrderingError> {
        let Some(quote) = quote else {
            return Ok(Self {
                monthly: Fixed::ZERO,
                first_invoice: Fixed::ZERO,
                commitment: Fixed::ZERO,
                higher_price_from: None,
            });
        };
        Ok(Self {
            monthly: stored(quote.full_month.totals.net)?,
            first_invoice: stored(quote.first_invoice.totals.net)?,
            commitment: stored(quote.committed())?,
            higher_price_from: quote.higher_price_from(),
        })
    }
}

fn row_of(
    core: &Core,
    actor: &Actor,
    parties: &Parties,
    new_order: NewOrder,
    (state, cost, waits, waits_until): (OrderState, &Cost, Waits, Option<DateTime<Utc>>),
) -> Result<order::Model, OrderingError> {
    let now = core.now();
    let bound_until = new_order
        .quote
        .as_ref()
        .and_then(|(_, binding)| binding.valid_until);
    let (quote, binding) = match &new_order.quote {
        Some((quote, binding)) => (
            Some(json::write("orders.quote", quote)?),
            Some(json::write("orders.binding", binding)?),
        ),
        None => (None, None),
    };
    let quote_valid_until = waits_until.max(bound_until).filter(|_| quote.is_some());
    let id = core.new_id(OrderId);
    let secrets = new_order.answers.sealed_in(core, SealedIn::of_order(id.0))?;
    Ok(order::Model {
        id,
        kind: new_order.kind,
        state,
        project_id: parties.buyer.project.id,
        organization_id: parties.buyer.organization.id,
        offering_id: parties.sale.offering.id,
        provider_id: parties.sale.provider.id,
        plan_id: parties.plan.id,
        resource_id: new_order.resource_id,
        resource_name: new_order.resource_name,
        limits: json::write("orders.limits", &new_order.limits)?,
        limits_before: json::write("orders.limits_before", &new_order.limits_before)?,
        expected_use: json::write("orders.expected_use", &new_order.expected_use)?,
        attributes: new_order.answers.open,
        request_form: new_order.request_form,
        secrets,
        end_date: new_order.last_day,
        start_date: new_order.start,
        term_months: new_order
            .term_months
            .and_then(|months| i32::try_from(months).ok()),
        quote,
        binding,
        quote_valid_until,
        monthly_cost: cost.monthly,
        first_invoice_cost: cost.first_invoice,
        commitment: cost.commitment,
        higher_price_from: cost.higher_price_from,
        currency: parties.plan.currency,
        accepted_terms: new_order.accepted_terms,
        requested_by: actor.stored_id(),
        created_at: now,
        updated_at: now,
        waiting_since: waits.since,
        finished_at: None,
        expires_at: waits.expires_at,
        error: String::new(),
        progress: json::write("orders.progress", &Progress::default())?,
        trace_id: crate::trace::current(),
    })
}

async fn insert(tx: &DatabaseTransaction, order: &order::Model) -> Result<(), OrderingError> {
    let row = order.clone().into_active_model().reset_all();
    order::Entity::insert(row)
        .exec_without_returning(tx)
        .await
        .map_err(placed_meanwhile)?;
    Ok(())
}

/// The database lets only one order per resource be open. The resource is locked while an order for it is placed, so
/// this is the second lock on the same door.
fn placed_meanwhile(error: DbErr) -> OrderingError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => OrderingError::NotOrderable(
            "An order for this resource was placed at the same moment. Look at it before you order again."
                .into(),
        ),
        _ => error.into(),
    }
}

/// An amount of a quote as it is stored.
fn stored(amount: model::Money) -> Result<Fixed, OrderingError> {
    amount.to_fixed().map_err(|fault| {
        let fault = model::PricingError::from(fault);
        OrderingError::Price(fault.into())
    })
}
