//! Refusing an order, for the side whose turn it is.

use model::{Awaits, EventKind, OrderId, Verdict};
use sea_orm::DatabaseTransaction;

use super::deciding::{Deciding, DecisionVerb, insert_verdict};
use crate::access::Actor;
use crate::core::Core;
use crate::ordering::check;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// Refuses, with the reason that the buyer will read.
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
    let powers = deciding.powers(actor)?;
    let (side, rule) = deciding.deciding_side(&powers, DecisionVerb::Reject)?;
    let to = deciding
        .order
        .state
        .after(DecisionVerb::Reject.on(side), Awaits::default())?;
    insert_verdict(
        core,
        tx,
        actor,
        &deciding.order,
        Verdict::Rejected,
        (side, rule, comment),
    )
    .await?;
    let moved = Moved {
        verb: EventKind::OrderRejected,
        to,
        reason: comment,
        error: comment,
    };
    store_move(core, tx, actor, deciding.order, moved).await?;
    Ok(())
}
