//! The moment in which an order starts to be carried out: the resource moves and the job is made, in one transaction.

use entity::order;
use model::OrderId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::OrderingError;
use crate::access::Actor;
use crate::core::Core;
use crate::jobs::{self, JobPayload, NewJob};
use crate::provisioning;

/// Begins an order that has just reached `Executing`.
pub(super) async fn begin_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
) -> Result<(), OrderingError> {
    let (id, backend) = (order.id, jobs::backend_key(order.offering_id));
    move_resource_in(core, tx, actor, order).await?;
    let job = NewJob::now(JobPayload::ProvisionOrder { order_id: id })
        .once(dedup_key(id))
        .on_backend(backend);
    jobs::enqueue_in(core, tx, job).await?;
    Ok(())
}

/// As [`begin_in`], where the job is there already.
pub(super) async fn move_resource_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
) -> Result<(), OrderingError> {
    let resource = provisioning::begin::begin_in(core, tx, actor, &order).await?;
    if order.resource_id.is_none() {
        order::Entity::update_many()
            .col_expr(order::Column::ResourceId, Expr::value(resource))
            .filter(order::Column::Id.eq(order.id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

fn dedup_key(order: OrderId) -> String {
    format!("provision_order:{order}")
}
