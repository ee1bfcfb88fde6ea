//! The one writer of an order's state: each move with its audit event, and until when the order then waits.

use chrono::{DateTime, TimeDelta, Utc};
use entity::order;
use model::{EventKind, LONGEST_WAIT_DAYS, OrderId, OrderState, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel};
use serde_json::json;

use super::OrderingError;
use crate::access::{Actor, Target};
use crate::approvals::drop_rest;
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
    /// For whom, where a deputy decided.
    pub(super) stood_in_for: Option<UserId>,
}

/// Stores the move of an order that waits for no decision then, with its audit event, and answers the order as it is now. What
/// was not decided on it is decided no more.
pub(super) async fn store_move(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
    moved: Moved<'_>,
) -> Result<order::Model, OrderingError> {
    if order.state.awaits_decision() {
        drop_rest(core, tx, order.id).await?;
    }
    store(core, tx, actor, order, (moved, Waits::NOT)).await
}

/// Whom an order asks after a move.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asking {
    /// More people of the step that is open, until its end.
    SameStep,
    /// Those of a step that opens now, for so many days.
    For(u16),
}

/// Stores the move of an order that waits for a decision then, as [`store_move`].
pub(super) async fn store_waiting(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
    moved: Moved<'_>,
    asking: Asking,
) -> Result<order::Model, OrderingError> {
    let waits = match asking {
        Asking::SameStep => Waits {
            since: order.waiting_since,
            expires_at: order.expires_at,
        },
        Asking::For(days) => Waits::asking(core.now(), days)
            .no_longer_than(order.quote_valid_until)
            .no_longer_than(longest_wait_of(&order)),
    };
    store(core, tx, actor, order, (moved, waits)).await
}

/// Until when an order waits at most, over all its steps.
fn longest_wait_of(order: &order::Model) -> Option<DateTime<Utc>> {
    let longest = TimeDelta::days(LONGEST_WAIT_DAYS.into());
    order.created_at.checked_add_signed(longest)
}

async fn store(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
    (moved, waits): (Moved<'_>, Waits),
) -> Result<order::Model, OrderingError> {
    let now = core.now();
    let (before, target) = (order.state, target_of_order(&order));
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
    let after = match moved.stood_in_for {
        Some(absent) => json!({ "state": moved.to, "stood_in_for": absent }),
        None => json!({ "state": moved.to }),
    };
    let named = in_whose_name(actor, moved.stood_in_for);
    let event = Event::new(named.as_ref().unwrap_or(actor), moved.verb, id.0)
        .on(target)
        .before(json!({ "state": before }))
        .after(after)
        .reason(moved.reason);
    audit::record_in(core, tx, event).await?;
    Ok(())
}

/// A deputy, as the history names one who decides for somebody else.
fn in_whose_name(actor: &Actor, stood_in_for: Option<UserId>) -> Option<Actor> {
    let absent = stood_in_for?;
    let absent = actor.stands_in_for.iter().find(|one| one.user_id == absent)?;
    Some(Actor {
        name: format!("{} for {}", actor.name, absent.name),
        ..actor.clone()
    })
}

/// Since when and until when an order waits for a decision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waits {
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl Waits {
    /// For no decision.
    pub(super) const NOT: Self = Self {
        since: None,
        expires_at: None,
    };

    /// The same, but not beyond the end of the quote, where there is one.
    fn no_longer_than(self, end: Option<DateTime<Utc>>) -> Self {
        let ends = [self.expires_at, end];
        Self {
            expires_at: ends.into_iter().flatten().min(),
            ..self
        }
    }

    /// For one on a step that opens now and may wait for so many days.
    pub(super) fn asking(now: DateTime<Utc>, days: u16) -> Self {
        Self {
            since: Some(now),
            expires_at: now.checked_add_signed(TimeDelta::days(i64::from(days))),
        }
    }
}
