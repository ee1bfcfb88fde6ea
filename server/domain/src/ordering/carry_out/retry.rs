//! Trying a failed order again.

use entity::{order, resource};
use model::{Awaits, EventKind, OrderId, OrderState, OrderVerb, Permission};
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};

use super::begin::{begin_in, move_resource_in};
use crate::access::Actor;
use crate::core::Core;
use crate::ordering::allow::allow;
use crate::ordering::locks::lock_order_and_sale;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::parties::Buyer;
use crate::ordering::startable::check_start;
use crate::ordering::{OrderOperations, Ordering, OrderingError};
use crate::provisioning;
use crate::provisioning::facts::target_of_order;

impl Ordering {
    /// Tries again. For the person who placed the order, as long as they may order there, for those who fulfil the
    /// provider's orders, and for staff. Refused for others, for an order that has not failed, where another order for the
    /// resource is open, and where what it asks for could not begin now (`NotOrderable`, as for one that is approved): it
    /// may have failed long ago.
    pub async fn retry(&self, actor: &Actor, id: OrderId) -> Result<(), OrderingError> {
        let tx = self.core.write_tx().await?;
        let order = lock_order_and_sale(&tx, id).await?;
        check_may_retry(actor, &order)?;
        let order = reopen_in(&self.core, &tx, actor, order).await?;
        begin_in(&self.core, &tx, actor, order).await?;
        Ok(tx.commit().await?)
    }
}

impl OrderOperations {
    /// Staff had a job that was given up tried again: its order goes on. Nothing happens to an order that did not fail.
    /// Refused, and the order left as it is, where it could not be tried again otherwise ([`Ordering::retry`]).
    pub async fn reopen(&self, id: OrderId) -> Result<(), OrderingError> {
        let state = order::Entity::find_by_id(id)
            .select_only()
            .column(order::Column::State)
            .into_tuple();
        // Read first: workers ask this of every new job, and hardly ever is there anything to write.
        if state.one(self.core.read()).await? != Some(OrderState::Erred) {
            return Ok(());
        }
        let tx = self.core.write_tx().await?;
        let order = lock_order_and_sale(&tx, id).await?;
        if order.state == OrderState::Erred {
            let actor = Actor::system();
            let order = reopen_in(&self.core, &tx, &actor, order).await?;
            move_resource_in(&self.core, &tx, &actor, order).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Refused to those who see the order but may not try it again, and "no such order" to strangers.
fn check_may_retry(actor: &Actor, order: &order::Model) -> Result<(), OrderingError> {
    if may_retry(actor, order) {
        return Ok(());
    }
    allow(
        actor,
        Permission::ManageResource,
        &target_of_order(order),
        "order",
    )
}

/// Whether the actor is one of those who may try the order again.
pub(in crate::ordering) fn may_retry(actor: &Actor, order: &order::Model) -> bool {
    let target = target_of_order(order);
    let placed_it = order.requested_by == Some(actor.user_id) && actor.may(Permission::PlaceOrder, &target);
    placed_it || actor.may(Permission::ManageResource, &target)
}

async fn reopen_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
) -> Result<order::Model, OrderingError> {
    let to = order.state.after(OrderVerb::Retry, Awaits::default())?;
    check_not_overtaken(tx, &order).await?;
    let buyer = Buyer::load(tx, order.project_id).await?;
    check_start(core, tx, &order, &buyer).await?;
    store_move(
        core,
        tx,
        actor,
        order,
        Moved {
            verb: EventKind::OrderRetried,
            to,
            reason: "",
            error: "",
            stood_in_for: None,
        },
    )
    .await
}

/// A failed creation does not keep others from ordering the resource's end; such an order comes first.
async fn check_not_overtaken(tx: &DatabaseTransaction, order: &order::Model) -> Result<(), OrderingError> {
    let Some(id) = order.resource_id else {
        return Ok(());
    };
    let Some(resource) = resource::Entity::find_by_id(id).one(tx).await? else {
        return Ok(());
    };
    let open = provisioning::find_open_order(tx, &resource)
        .await?
        .filter(|open| *open != order.id);
    let Some(open) = open else { return Ok(()) };
    let first = order::Entity::find_by_id(open)
        .one(tx)
        .await?
        .ok_or_else(OrderingError::no_order)?;
    Err(OrderingError::OpenOrder {
        order: open,
        kind: first.kind,
        state: first.state,
    })
}
