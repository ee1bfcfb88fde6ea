//! The moment in which an order starts to be carried out: the resource moves and the job is made, in one transaction.

use entity::order;
use model::ResourceId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::access::Actor;
use crate::core::Core;
use crate::jobs::kinds::ProvisionOrder;
use crate::jobs::{self, NewJob};
use crate::ordering::OrderingError;
use crate::provisioning;

/// Begins an order that has just reached `Executing`.
pub(in crate::ordering) async fn begin_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
) -> Result<(), OrderingError> {
    let (order_id, backend) = (order.id, jobs::backend_key(order.offering_id));
    let resource_id = move_resource_in(core, tx, actor, order).await?;
    let job = NewJob::now(&ProvisionOrder {
        order_id,
        resource_id,
    })?;
    jobs::enqueue_in(core, tx, job.on_backend(backend)).await?;
    Ok(())
}

/// As [`begin_in`], where the job is there already.
pub(super) async fn move_resource_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
) -> Result<ResourceId, OrderingError> {
    let resource = provisioning::begin::begin_in(core, tx, actor, &order).await?;
    if order.resource_id.is_none() {
        order::Entity::update_many()
            .col_expr(order::Column::ResourceId, Expr::value(resource))
            .filter(order::Column::Id.eq(order.id))
            .exec(tx)
            .await?;
    }
    Ok(resource)
}
