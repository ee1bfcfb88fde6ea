//! How executing orders end. The one writer of what a backend's answer leads to, on the side of orders; the resource
//! follows in the same transaction.

use entity::order;
use model::{Awaits, EventKind, OrderId, OrderState, OrderVerb};
use sea_orm::DatabaseTransaction;

use crate::access::Actor;
use crate::core::Core;
use crate::ordering::locks::lock_order;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::{OrderOperations, OrderingError};
use crate::provisioning::Completion;
use crate::provisioning::apply_outcome::{complete_in, fail_in};

/// The longest reason of a failure that is kept, in characters: backends can be talkative.
const REASON: usize = 2000;

impl OrderOperations {
    /// The backend is done: resource and order reach what was asked for. A second time is the same as the first.
    pub async fn complete(&self, id: OrderId, completion: Completion) -> Result<(), OrderingError> {
        let tx = self.core.write_tx().await?;
        let order = lock_order(&tx, id).await?;
        settle_in(
            &self.core,
            &tx,
            &Actor::system(),
            order,
            &Ending::Done {
                completion,
                note: String::new(),
            },
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// The backend gave up. Buyer and provider read `reason`. A second time is the same as the first.
    pub async fn fail(&self, id: OrderId, reason: &str) -> Result<(), OrderingError> {
        let tx = self.core.write_tx().await?;
        let order = lock_order(&tx, id).await?;
        settle_in(&self.core, &tx, &Actor::system(), order, &Ending::failed(reason)).await?;
        Ok(tx.commit().await?)
    }
}

/// How the work on an order ended.
pub(in crate::ordering) enum Ending {
    Done {
        completion: Completion,
        /// What the person who did it says about it; empty for backends.
        note: String,
    },
    Failed {
        reason: String,
    },
}

impl Ending {
    pub(in crate::ordering) fn failed(reason: &str) -> Self {
        let reason: String = reason.trim().chars().take(REASON).collect();
        let unknown = "The backend gave no reason.";
        Self::Failed {
            reason: if reason.is_empty() {
                unknown.to_owned()
            } else {
                reason
            },
        }
    }
}

/// Ends a locked order. Ending it again in the same way changes nothing; a worker that was killed before it could
/// tell will come again.
pub(super) async fn settle_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
    ending: &Ending,
) -> Result<(), OrderingError> {
    match ending {
        Ending::Done { completion, note } => {
            if order.state == OrderState::Done {
                return Ok(());
            }
            let to = order.state.after(OrderVerb::Complete, Awaits::default())?;
            complete_in(core, tx, actor, &order, completion).await?;
            let moved = Moved {
                verb: EventKind::OrderCompleted,
                to,
                reason: note,
                error: "",
                stood_in_for: None,
            };
            store_move(core, tx, actor, order, moved).await?;
        }
        Ending::Failed { reason } => {
            if order.state == OrderState::Erred {
                return Ok(());
            }
            let to = order.state.after(OrderVerb::Fail, Awaits::default())?;
            fail_in(core, tx, actor, &order, reason).await?;
            store_move(
                core,
                tx,
                actor,
                order,
                Moved {
                    verb: EventKind::OrderFailed,
                    to,
                    reason,
                    error: reason,
                    stood_in_for: None,
                },
            )
            .await?;
        }
    }
    Ok(())
}
