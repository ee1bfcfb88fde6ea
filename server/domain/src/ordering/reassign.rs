//! Steps that ask people who cannot decide any more.

use entity::order;
use model::EventKind;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::OrderingError;
use crate::access::Actor;
use crate::approvals::{Asks, OpenStep, ask_fewer, deciders, reassign};
use crate::audit::{self, Event};
use crate::core::Core;

/// Gives an open step of a locked order to whoever may approve orders there without limit, where fewer of those whom it asks in
/// particular can decide than are missing; whoever placed the order is one of them only where they could be one before and nobody else is. Where there are not
/// as many as it asks for, those who are there are enough. Answers whether anything changed.
pub(super) async fn reassign_where_too_few_in(
    core: &Core,
    tx: &DatabaseTransaction,
    (order, asks): (&order::Model, Asks),
    mut step: OpenStep,
) -> Result<bool, OrderingError> {
    let before = (step.row.rule.clone(), step.row.needed);
    // Whoever counts already, or must not, is not asked instead either.
    let placer_may = step.row.placer_may && step.decisions.is_empty();
    let mut can = deciders(tx, asks, &step, core.now()).await?.themselves.len();
    if can >= step.missing() {
        return Ok(false);
    }
    if step.asks_in_particular() {
        step = reassign(tx, step, false).await?;
        can = deciders(tx, asks, &step, core.now()).await?.themselves.len();
        if can == 0 && placer_may {
            step = reassign(tx, step, true).await?;
            can = deciders(tx, asks, &step, core.now()).await?.themselves.len();
        }
    }
    let enough = step.decisions.len().saturating_add(can.max(1));
    if step.missing() > can.max(1) {
        step = ask_fewer(tx, step, enough).await?;
    }
    if (step.row.rule.clone(), step.row.needed) == before {
        return Ok(false);
    }
    let system = Actor::system();
    let event = Event::new(&system, EventKind::OrderReassigned, order.id.0)
        .on(asks.target)
        .before(json!({ "state": order.state, "rule": before.0 }))
        .after(json!({ "state": order.state }));
    audit::record_in(core, tx, event).await?;
    Ok(true)
}
