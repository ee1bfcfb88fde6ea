//! Approving an order, by whom the step asks whose turn it is.

use entity::order;
use model::{Awaits, EventKind, OrderId, OrderState, Side, StepState, Verdict};
use sea_orm::DatabaseTransaction;

use super::deciding::{Deciding, DecisionVerb};
use crate::access::Actor;
use crate::approvals::{OpenStep, close, insert_decision};
use crate::core::Core;
use crate::ordering::carry_out::begin::begin_in;
use crate::ordering::check;
use crate::ordering::dates::start::waits_for_its_day;
use crate::ordering::moves::{Asking, Moved, store_move, store_waiting};
use crate::ordering::reassign::reassign_where_too_few_in;
use crate::ordering::startable::check_start;
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// Approves the step whose turn it is; answers the state that the order has reached. The next step opens once as many as
    /// are needed have approved; when nobody else must be asked, the resource and the job are made in the same transaction.
    /// Refused for who may not decide (`NotFound`, `Forbidden`), above the own limit (`AboveLimit`), for whom the step does not
    /// ask (`NotAsked`, `NotYourDecision`), who has decided on it (`DecidedAlready`) or placed the order and counts not
    /// (`OwnOrder`), in a state in which nothing is to be decided, where nobody decided in time or its prices hold no longer,
    /// and where what was ordered could not begin today (both `NotOrderable`), also where the provider or a later day comes
    /// first: nobody is asked to agree to what is offered no longer.
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
    let (step, turn) = deciding.turn(actor, DecisionVerb::Approve)?;
    check_in_time(core, &deciding.order)?;
    // The quote binds; what is not a price is looked at again.
    check_start(core, tx, &deciding.order, &deciding.parties.buyer).await?;
    let side = step.row.side;
    let stood_in_for = turn.stood_in_for;
    insert_decision(core, tx, actor, &step, (turn, Verdict::Approved, comment)).await?;
    let next = next_of(core, tx, actor, &deciding, step).await?;
    let awaits = Awaits {
        buyer: next.side() == Some(Side::Buyer),
        provider: next.side() == Some(Side::Provider),
        start: waits_for_its_day(&deciding.order, deciding.parties.buyer.today(core)),
    };
    let to = deciding
        .order
        .state
        .after(DecisionVerb::Approve.on(side), awaits)?;
    let verb = match side {
        Side::Buyer => EventKind::OrderApproved,
        Side::Provider => EventKind::OrderAccepted,
    };
    let moved = Moved {
        verb,
        to,
        reason: comment,
        error: "",
        stood_in_for,
    };
    let asks = deciding.facts(actor).asks();
    match next {
        Next::SameStep(_) => {
            store_waiting(core, tx, actor, deciding.order, moved, Asking::SameStep).await?;
        }
        Next::Opened(step) => {
            let asking = Asking::For(step.due_days());
            let order = store_waiting(core, tx, actor, deciding.order, moved, asking).await?;
            reassign_where_too_few_in(core, tx, (&order, asks), *step).await?;
        }
        Next::NobodyElse => {
            let order = store_move(core, tx, actor, deciding.order, moved).await?;
            if to == OrderState::Executing {
                begin_in(core, tx, actor, order).await?;
            }
        }
    }
    Ok(to)
}

/// Who is asked once somebody has approved.
enum Next {
    /// More people of the same step, which is of this side.
    SameStep(Side),
    /// Those of another step.
    Opened(Box<OpenStep>),
    NobodyElse,
}

impl Next {
    fn side(&self) -> Option<Side> {
        match self {
            Self::SameStep(side) => Some(*side),
            Self::Opened(step) => Some(step.row.side),
            Self::NobodyElse => None,
        }
    }
}

/// Closes the step if as many as it needs have approved now, and opens the next one.
async fn next_of(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    deciding: &Deciding,
    step: OpenStep,
) -> Result<Next, OrderingError> {
    if step.missing() > 1 {
        return Ok(Next::SameStep(step.row.side));
    }
    close(core, tx, step.row, StepState::Approved).await?;
    let opened = deciding.steps.open_next(core, tx, &deciding.facts(actor)).await?;
    Ok(opened.map_or(Next::NobodyElse, |step| Next::Opened(Box::new(step))))
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
