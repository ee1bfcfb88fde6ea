//! Approving an order, for the side whose turn it is.

use entity::order;
use model::{Awaits, EventKind, OrderId, OrderState, Side, Verdict};
use sea_orm::DatabaseTransaction;

use super::deciding::{Deciding, DecisionVerb, ProviderSide, insert_verdict};
use crate::access::Actor;
use crate::core::Core;
use crate::ordering::carry_out::begin::begin_in;
use crate::ordering::check;
use crate::ordering::dates::start::waits_for_its_day;
use crate::ordering::decisions::{Decided, insert_decisions};
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::startable::check_start;
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// Approves; answers the state that the order has reached. When nobody else must be asked, the resource and the job
    /// are made in the same transaction. Refused for who may not decide (`NotFound`, `Forbidden`), above the own limit,
    /// in a state in which nothing is to be decided, where nobody decided in time or its prices hold no longer, and where
    /// what was ordered could not begin today (both `NotOrderable`), also where the provider or a later day comes first:
    /// nobody is asked to agree to what is offered no longer.
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
    let (side, rule) = deciding.deciding_side(&powers, DecisionVerb::Approve)?;
    check_in_time(core, &deciding.order)?;
    let provider = match side {
        Side::Buyer => deciding.provider_side(tx, actor).await?,
        Side::Provider => ProviderSide::Decided,
    };
    let awaits = Awaits {
        provider: provider == ProviderSide::MustDecide,
        start: waits_for_its_day(&deciding.order, deciding.parties.buyer.today(core)),
        ..Awaits::default()
    };
    let to = deciding
        .order
        .state
        .after(DecisionVerb::Approve.on(side), awaits)?;
    // The quote binds; what is not a price is looked at again.
    check_start(core, tx, &deciding.order, &deciding.parties.buyer).await?;
    let verdict = (side, rule, comment);
    insert_verdict(core, tx, actor, &deciding.order, Verdict::Approved, verdict).await?;
    if let ProviderSide::Passes(rule) = provider {
        let skipped = Decided::by_rule(Side::Provider, rule);
        insert_decisions(core, tx, &deciding.order, [skipped]).await?;
    }
    let verb = match side {
        Side::Buyer => EventKind::OrderApproved,
        Side::Provider => EventKind::OrderAccepted,
    };
    let moved = Moved {
        verb,
        to,
        reason: comment,
        error: "",
    };
    let order = store_move(core, tx, actor, deciding.order, moved).await?;
    if to == OrderState::Executing {
        begin_in(core, tx, actor, order).await?;
    }
    Ok(to)
}

/// Whoever agrees agrees to the quote. Once it has ended, what it says may no longer be what is charged.
fn check_in_time(core: &Core, order: &order::Model) -> Result<(), OrderingError> {
    let ends = [order.expires_at, order.quote_valid_until];
    match ends.into_iter().flatten().min().filter(|end| *end <= core.now()) {
        Some(end) => Err(OrderingError::NotOrderable(format!(
            "It could be approved until {} UTC, and nobody decided in time. Order it again.",
            end.format("%-d %B %Y, %H:%M")
        ))),
        None => Ok(()),
    }
}
