//! The one writer of an order's state: each move with its audit event, and until when the order then waits.

use chrono::{DateTime, Utc};
use entity::order;
use model::{EventKind, OrderId, OrderState};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel};
use serde_json::json;

use super::OrderingError;
use super::price::offer::QUOTE_HOLDS;
use crate::access::{Actor, Target};
use crate::audit::{self, Event};
use crate::core::Core;
use crate::provisioning::facts::target_of_order;

/// A move of an order: the verb in the log, and what is said about it.
pub(super) struct Moved<'a> {
    pub(super) verb: EventKind,
    pub(super) to: OrderState,
    /// Comment or reason of whoever moved it.
    pub(super) reason: &'a str,
    /// Kept on the order as the reason of its failure or refusal.
    pub(super) error: &'a str,
}

/// Stores the move with its audit event, and answers the order as it is now.
pub(super) async fn store_move(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
    moved: Moved<'_>,
) -> Result<order::Model, OrderingError> {
    let now = core.now();
    let (before, target) = (order.state, target_of_order(&order));
    let waits = Waits::in_state(moved.to, now);
    let is_over = moved.to.is_terminal() || moved.to == OrderState::Erred;
    let mut row = order.into_active_model();
    row.state = Set(moved.to);
    row.updated_at = Set(now);
    row.waiting_since = Set(waits.since);
    row.expires_at = Set(waits.expires_at);
    row.finished_at = Set(is_over.then_some(now));
    row.error = Set(moved.error.to_owned());
    let order = row.update(tx).await?;
    record(core, tx, actor, (order.id, target), (before, &moved)).await?;
    Ok(order)
}

async fn record(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (id, target): (OrderId, Target),
    (before, moved): (OrderState, &Moved<'_>),
) -> Result<(), OrderingError> {
    let event = Event::new(actor, moved.verb, id.0)
        .on(target)
        .before(json!({ "state": before }))
        .after(json!({ "state": moved.to }))
        .reason(moved.reason);
    audit::record_in(core, tx, event).await?;
    Ok(())
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
