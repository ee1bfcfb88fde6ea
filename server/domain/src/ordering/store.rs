//! Storing a new order together with everything that follows from it at once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::json::{self, Limits};
use entity::{order, order_decision};
use model::{
    Awaits, Fixed, OrderId, OrderKind, OrderState, OrderVerb, Progress, Quote, ResourceId, Side, UserId, Verdict,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, SqlErr};
use serde_json::json;

use super::OrderingError;
use super::answers::Answers;
use super::begin::begin_in;
use super::trade::Trade;
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::core::Core;

/// Nobody is asked longer than this.
const PATIENCE: TimeDelta = TimeDelta::days(30);

/// A checked order that is not stored yet.
pub(super) struct Wanted {
    pub(super) kind: OrderKind,
    pub(super) resource_id: Option<ResourceId>,
    pub(super) resource_name: String,
    pub(super) limits: Limits,
    pub(super) limits_before: Limits,
    pub(super) answers: Answers,
    pub(super) last_day: Option<NaiveDate>,
    pub(super) quote: Option<Quote>,
    pub(super) accepted_terms: Option<i32>,
    pub(super) reason: String,
}

/// Stores the order in the first state that the rules leave it in, with the rules that let it pass, and begins it if
/// nobody must be asked.
pub(super) async fn submit_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    trade: &Trade,
    wanted: Wanted,
) -> Result<OrderId, OrderingError> {
    let monthly = match &wanted.quote {
        Some(quote) => stored(quote.full_month.totals.net)?,
        None => Fixed::ZERO,
    };
    let facts = trade.facts(actor, monthly, trade.plan.currency);
    let passed = [Side::Consumer, Side::Provider].map(|side| (side, facts.passes(side)));
    let [(_, consumer), (_, provider)] = &passed;
    let awaits = Awaits { consumer: consumer.is_none(), provider: provider.is_none(), start: false };
    let state = OrderState::Draft.after(OrderVerb::Submit, awaits)?;
    let reason = wanted.reason.clone();
    let order = insert(core, tx, actor, trade, wanted, (state, monthly)).await?;
    for (side, rule) in passed {
        if let Some(rule) = rule {
            insert_decision(core, tx, &order, Decided::by_rule(side, rule)).await?;
        }
    }
    let after = json!({ "state": state, "kind": order.kind, "monthly_cost": monthly, "currency": order.currency });
    let event = Event::new(actor, "order", order.id.0, "order.placed").on(trade.target()).after(after).reason(reason);
    audit::record_in(core, tx, event).await?;
    let id = order.id;
    if state == OrderState::Executing {
        begin_in(core, tx, actor, order).await?;
    }
    Ok(id)
}

async fn insert(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    trade: &Trade,
    wanted: Wanted,
    (state, monthly): (OrderState, Fixed),
) -> Result<order::Model, OrderingError> {
    let now = core.now();
    let first = wanted.quote.as_ref().map(|quote| stored(quote.first_invoice.totals.net)).transpose()?;
    let quote = wanted.quote.as_ref().map(|quote| json::write("orders.quote", quote)).transpose()?;
    let waits = Waits::in_state(state, now);
    let row = order::ActiveModel {
        id: Set(core.new_id(OrderId)),
        kind: Set(wanted.kind),
        state: Set(state),
        project_id: Set(trade.buyer.project.id),
        organization_id: Set(trade.buyer.organization.id),
        offering_id: Set(trade.sale.offering.id),
        provider_id: Set(trade.sale.provider.id),
        plan_id: Set(trade.plan.id),
        resource_id: Set(wanted.resource_id),
        resource_name: Set(wanted.resource_name),
        limits: Set(json::write("orders.limits", &wanted.limits)?),
        limits_before: Set(json::write("orders.limits_before", &wanted.limits_before)?),
        attributes: Set(wanted.answers.open),
        secrets: Set(wanted.answers.sealed),
        end_date: Set(wanted.last_day),
        start_date: Set(None),
        quote: Set(quote),
        monthly_cost: Set(monthly),
        first_invoice_cost: Set(first.unwrap_or_default()),
        currency: Set(trade.plan.currency),
        accepted_terms: Set(wanted.accepted_terms),
        requested_by: Set(actor.user_id),
        created_at: Set(now),
        updated_at: Set(now),
        waiting_since: Set(waits.since),
        decided_at: Set((state == OrderState::Executing).then_some(now)),
        finished_at: Set(None),
        expires_at: Set(waits.expires_at),
        error: Set(String::new()),
        progress: Set(json::write("orders.progress", &Progress::default())?),
        trace_id: Set(crate::trace::current()),
    };
    row.insert(tx).await.map_err(placed_meanwhile)
}

/// The database lets only one order per resource be open. The resource is locked while an order for it is placed, so
/// this is the second lock on the same door.
fn placed_meanwhile(error: DbErr) -> OrderingError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => OrderingError::NotOrderable(
            "An order for this resource was placed at the same moment. Look at it before you order again.".into(),
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
            return Self { since: None, expires_at: None };
        }
        Self { since: Some(now), expires_at: now.checked_add_signed(PATIENCE) }
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
        Self { side, verdict: Verdict::Skipped, user_id: None, rule, comment: String::new() }
    }
}

pub(super) async fn insert_decision(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    decided: Decided,
) -> Result<(), DbErr> {
    let row = order_decision::ActiveModel {
        id: Set(core.new_id(|id| id)),
        order_id: Set(order.id),
        side: Set(decided.side),
        verdict: Set(decided.verdict),
        user_id: Set(decided.user_id),
        rule: Set(decided.rule),
        comment: Set(decided.comment),
        created_at: Set(core.now()),
    };
    order_decision::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
