//! Storing a new order together with everything that follows from it at once.

use chrono::{DateTime, NaiveDate, Utc};
use entity::json::{self, Limits};
use entity::{order, order_decision};
use model::{
    Awaits, Binding, Fixed, OrderId, OrderKind, OrderState, Progress, Quote, ResourceId, Side, UserId,
    Verdict,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, SqlErr};
use serde_json::json;

use super::OrderingError;
use super::answers::Answers;
use super::begin::begin_in;
use super::offer::QUOTE_HOLDS;
use super::parties::Parties;
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::core::Core;

/// A checked order that is not stored yet.
pub(super) struct Wanted {
    pub(super) kind: OrderKind,
    pub(super) resource_id: Option<ResourceId>,
    pub(super) resource_name: String,
    pub(super) limits: Limits,
    pub(super) limits_before: Limits,
    pub(super) expected_use: Limits,
    pub(super) answers: Answers,
    /// The day on which it starts, where that lies ahead.
    pub(super) start: Option<NaiveDate>,
    pub(super) last_day: Option<NaiveDate>,
    pub(super) term_months: Option<u32>,
    /// What was shown, with the versions that it was computed from.
    pub(super) quote: Option<(Quote, Binding)>,
    pub(super) accepted_terms: Option<i32>,
    pub(super) reason: String,
}

/// Stores the order in the first state that the rules leave it in, with the rules that let it pass, and begins it if
/// nobody must be asked.
pub(super) async fn submit_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    parties: &Parties,
    wanted: Wanted,
) -> Result<OrderId, OrderingError> {
    let cost = Cost::of(wanted.quote.as_ref().map(|(quote, _)| quote))?;
    let facts = parties.facts(actor, cost.commitment, parties.plan.currency);
    let passed = [Side::Buyer, Side::Provider].map(|side| (side, facts.passes(side)));
    let [(_, buyer), (_, provider)] = &passed;
    let awaits = Awaits {
        buyer: buyer.is_none(),
        provider: provider.is_none(),
        start: wanted.start.is_some(),
    };
    let state = awaits.first();
    let reason = wanted.reason.clone();
    let order = row_of(core, actor, parties, wanted, (state, &cost))?;
    insert(tx, &order).await?;
    let skipped = passed
        .into_iter()
        .filter_map(|(side, rule)| Some(Decided::by_rule(side, rule?)));
    insert_decisions(core, tx, &order, skipped).await?;
    let after = json!({ "state": state, "kind": order.kind, "monthly_cost": cost.monthly, "commitment": cost.commitment,
            "currency": order.currency });
    let event = Event::new(actor, "order", order.id.0, "order.placed")
        .on(parties.target())
        .after(after)
        .reason(reason);
    audit::record_in(core, tx, event).await?;
    let id = order.id;
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
}

impl Cost {
    fn of(quote: Option<&Quote>) -> Result<Self, OrderingError> {
        let Some(quote) = quote else {
            return Ok(Self {
                monthly: Fixed::ZERO,
                first_invoice: Fixed::ZERO,
                commitment: Fixed::ZERO,
            });
        };
        Ok(Self {
            monthly: stored(quote.full_month.totals.net)?,
            first_invoice: stored(quote.first_invoice.totals.net)?,
            commitment: stored(quote.committed())?,
        })
    }
}

fn row_of(
    core: &Core,
    actor: &Actor,
    parties: &Parties,
    wanted: Wanted,
    (state, cost): (OrderState, &Cost),
) -> Result<order::Model, OrderingError> {
    let now = core.now();
    let (quote, binding) = match &wanted.quote {
        Some((quote, binding)) => (
            Some(json::write("orders.quote", quote)?),
            Some(json::write("orders.binding", binding)?),
        ),
        None => (None, None),
    };
    let quote_valid_until = now.checked_add_signed(QUOTE_HOLDS).filter(|_| quote.is_some());
    let waits = Waits::in_state(state, now);
    Ok(order::Model {
        id: core.new_id(OrderId),
        kind: wanted.kind,
        state,
        project_id: parties.buyer.project.id,
        organization_id: parties.buyer.organization.id,
        offering_id: parties.sale.offering.id,
        provider_id: parties.sale.provider.id,
        plan_id: parties.plan.id,
        resource_id: wanted.resource_id,
        resource_name: wanted.resource_name,
        limits: json::write("orders.limits", &wanted.limits)?,
        limits_before: json::write("orders.limits_before", &wanted.limits_before)?,
        expected_use: json::write("orders.expected_use", &wanted.expected_use)?,
        attributes: wanted.answers.open,
        secrets: wanted.answers.sealed,
        end_date: wanted.last_day,
        start_date: wanted.start,
        term_months: wanted.term_months.and_then(|months| i32::try_from(months).ok()),
        quote,
        binding,
        quote_valid_until,
        monthly_cost: cost.monthly,
        first_invoice_cost: cost.first_invoice,
        commitment: cost.commitment,
        currency: parties.plan.currency,
        accepted_terms: wanted.accepted_terms,
        requested_by: actor.stored_id(),
        created_at: now,
        updated_at: now,
        waiting_since: waits.since,
        decided_at: (!state.awaits_decision()).then_some(now),
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

/// Since when and until when an order waits for a decision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waits {
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl Waits {
    pub(super) fn in_state(state: OrderState, now: DateTime<Utc>) -> Self {
        if !state.awaits_decision() {
            return Self {
                since: None,
                expires_at: None,
            };
        }
        Self {
            since: Some(now),
            expires_at: now.checked_add_signed(QUOTE_HOLDS),
        }
    }
}

/// A decision of a person or a rule.
pub(super) struct Decided {
    pub(super) side: Side,
    pub(super) verdict: Verdict,
    pub(super) user_id: Option<UserId>,
    pub(super) rule: String,
    pub(super) comment: String,
}

impl Decided {
    pub(super) fn by_rule(side: Side, rule: String) -> Self {
        Self {
            side,
            verdict: Verdict::Skipped,
            user_id: None,
            rule,
            comment: String::new(),
        }
    }
}

pub(super) async fn insert_decisions(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    decided: impl IntoIterator<Item = Decided>,
) -> Result<(), DbErr> {
    let row = |decided: Decided| order_decision::ActiveModel {
        id: Set(core.new_id(|id| id)),
        order_id: Set(order.id),
        side: Set(decided.side),
        verdict: Set(decided.verdict),
        user_id: Set(decided.user_id),
        rule: Set(decided.rule),
        comment: Set(decided.comment),
        created_at: Set(core.now()),
    };
    let rows: Vec<_> = decided.into_iter().map(row).collect();
    order_decision::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
