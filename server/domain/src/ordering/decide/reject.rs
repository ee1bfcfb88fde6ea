//! Refusing an order, by whom the step asks whose turn it is.

use model::{Awaits, EventKind, OrderId, StepState, Verdict};
use sea_orm::DatabaseTransaction;

use super::deciding::{Deciding, DecisionVerb};
use crate::access::Actor;
use crate::approvals::{close, insert_decision};
use crate::core::Core;
use crate::ordering::check;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// Refuses, with the reason that the buyer will read; one refusal is enough, however many a step asks. Refused as
    /// [`Ordering::approve`], except that what is offered no longer can still be refused.
    pub async fn reject(&self, actor: &Actor, id: OrderId, comment: &str) -> Result<(), OrderingError> {
        let comment = check::comment("comment", comment, true)?;
        let tx = self.core.write_tx().await?;
        reject_in(&self.core, &tx, actor, id, &comment).await?;
        Ok(tx.commit().await?)
    }
}

async fn reject_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: OrderId,
    comment: &str,
) -> Result<(), OrderingError> {
    let deciding = Deciding::load(tx, id).await?;
    let (step, turn) = deciding.turn(actor, DecisionVerb::Reject)?;
    let verb = DecisionVerb::Reject.on(step.row.side);
    let to = deciding.order.state.after(verb, Awaits::default())?;
    let stood_in_for = turn.stood_in_for;
    insert_decision(core, tx, actor, &step, (turn, Verdict::Rejected, comment)).await?;
    close(core, tx, step.row, StepState::Rejected).await?;
    let moved = Moved {
        verb: EventKind::OrderRejected,
        to,
        reason: comment,
        error: comment,
        stood_in_for,
    };
    store_move(core, tx, actor, deciding.order, moved).await?;
    Ok(())
}
