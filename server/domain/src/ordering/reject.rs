//! Refusing an order, for the side whose turn it is.

use model::{Awaits, OrderId, Verdict};
use sea_orm::DatabaseTransaction;

use super::check;
use super::decide::{Deciding, DecisionVerb, Moved, insert_verdict, store_move};
use super::{Ordering, OrderingError};
use crate::access::Actor;
use crate::core::Core;

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
    let (side, rule) = deciding.turn(&powers, DecisionVerb::Reject)?;
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
        verb: "order.rejected",
        to,
        reason: comment,
        error: comment,
    };
    store_move(core, tx, actor, deciding.order, moved).await?;
    Ok(())
}
