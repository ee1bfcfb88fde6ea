//! Approving an order, for the side whose turn it is.

use model::{Awaits, OrderId, OrderState, Side, Verdict};
use sea_orm::DatabaseTransaction;

use super::begin::begin_in;
use super::check;
use super::decide::{Deciding, DecisionVerb, Moved, insert_verdict, store_move};
use super::store::{Decided, insert_decisions};
use super::{Ordering, OrderingError};
use crate::access::Actor;
use crate::core::Core;

impl Ordering {
    /// Approves; answers the state that the order has reached. When nobody else must be asked, the resource and the job
    /// are made in the same transaction.
    pub async fn approve(
        &self,
        actor: &Actor,
        id: OrderId,
        comment: &str,
    ) -> Result<OrderState, OrderingError> {
        let comment = check::comment("comment", comment, false)?;
        let tx = self.core.write_tx().await?;
        let state = approve_in(&self.core, &tx, actor, id, &comment).await?;
        tx.commit().await?;
        Ok(state)
    }
}

async fn approve_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: OrderId,
    comment: &str,
) -> Result<OrderState, OrderingError> {
    let deciding = Deciding::load(tx, id).await?;
    let powers = deciding.powers(actor)?;
    let (side, rule) = deciding.turn(&powers, DecisionVerb::Approve)?;
    let provider_passes = deciding
        .facts(actor)
        .passes(Side::Provider)
        .filter(|_| side == Side::Consumer);
    let asks_provider =
        side == Side::Consumer && deciding.provider_is_asked(tx, provider_passes.as_ref()).await?;
    let awaits = Awaits {
        consumer: false,
        provider: asks_provider,
        start: false,
    };
    let to = deciding
        .order
        .state
        .after(DecisionVerb::Approve.on(side), awaits)?;
    insert_verdict(
        core,
        tx,
        actor,
        &deciding.order,
        Verdict::Approved,
        (side, rule, comment),
    )
    .await?;
    if let Some(rule) = provider_passes.filter(|_| deciding.trade.sale.offering.provider_approval) {
        // Whoever decides for the buyer and may decide for the provider is not asked a second time.
        insert_decisions(
            core,
            tx,
            &deciding.order,
            [Decided::by_rule(Side::Provider, rule)],
        )
        .await?;
    }
    let verb = if side == Side::Consumer {
        "order.approved"
    } else {
        "order.accepted"
    };
    let order = store_move(
        core,
        tx,
        actor,
        deciding.order,
        Moved {
            verb,
            to,
            reason: comment,
            error: "",
        },
    )
    .await?;
    if to == OrderState::Executing {
        begin_in(core, tx, actor, order).await?;
    }
    Ok(to)
}
