//! Steps that ask people who cannot decide any more.

use entity::order;
use model::EventKind;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::OrderingError;
use crate::access::Actor;
use crate::approvals::{Asks, OpenStep, deciders, reassign};
use crate::audit::{self, Event};
use crate::core::Core;

/// Gives an open step of a locked order to whoever may approve orders there without limit, where fewer of those whom it names can decide than
/// are missing. Answers whether it did.
pub(super) async fn reassign_where_too_few_in(
    core: &Core,
    tx: &DatabaseTransaction,
    (order, asks): (&order::Model, Asks),
    step: OpenStep,
) -> Result<bool, OrderingError> {
    if !step.asks_in_particular() {
        return Ok(false);
    }
    let can = deciders(tx, asks, &step, core.now()).await?.themselves.len();
    if can >= step.missing() {
        return Ok(false);
    }
    let rule = step.row.rule.clone();
    reassign(tx, step).await?;
    let system = Actor::system();
    let event = Event::new(&system, EventKind::OrderReassigned, order.id.0)
        .on(asks.target)
        .before(json!({ "state": order.state, "rule": rule }))
        .after(json!({ "state": order.state }));
    audit::record_in(core, tx, event).await?;
    Ok(true)
}
