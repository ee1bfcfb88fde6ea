//! Withdrawing an order that still waits, or giving up one that failed.

use entity::order;
use model::{Awaits, EventKind, OrderId, OrderKind, OrderState, OrderVerb, Permission};
use sea_orm::DatabaseTransaction;

use crate::access::Actor;
use crate::core::Core;
use crate::ordering::allow::allow;
use crate::ordering::check;
use crate::ordering::locks::lock_order;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::{Ordering, OrderingError};
use crate::provisioning;
use crate::provisioning::facts::target_of_order;

impl Ordering {
    /// Withdraws; `reason` may be empty. Refused for who may not withdraw it, and once it is carried out.
    pub async fn cancel(&self, actor: &Actor, id: OrderId, reason: &str) -> Result<(), OrderingError> {
        let reason = check::comment("reason", reason, false)?;
        let tx = self.core.write_tx().await?;
        cancel_in(&self.core, &tx, actor, id, &reason).await?;
        Ok(tx.commit().await?)
    }
}

async fn cancel_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: OrderId,
    reason: &str,
) -> Result<(), OrderingError> {
    let order = lock_order(tx, id).await?;
    allow(actor, Permission::CancelOrder, &target_of_order(&order), "order")?;
    if is_failed_creation(&order) {
        return Err(OrderingError::NotOrderable(
            "The backend may hold part of this resource. Try the order again, or terminate the resource."
                .into(),
        ));
    }
    let to = order.state.after(OrderVerb::Cancel, Awaits::default())?;
    if order.state == OrderState::Erred {
        provisioning::apply_outcome::forget_error_in(tx, &order).await?;
    }
    store_move(
        core,
        tx,
        actor,
        order,
        Moved {
            verb: EventKind::OrderCanceled,
            to,
            reason,
            error: "",
            stood_in_for: None,
        },
    )
    .await?;
    Ok(())
}

/// Cannot be given up: see [`cancel_in`].
pub(in crate::ordering) fn is_failed_creation(order: &order::Model) -> bool {
    order.kind == OrderKind::Create && order.state == OrderState::Erred
}
