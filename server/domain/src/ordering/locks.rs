//! The one order in which transactions on orders take their locks. Whoever needs several takes them in this order, and
//! looks at states only once it has them:
//!
//! 1. the answer that is kept under an idempotency key,
//! 2. the buyer's organization and project, and the offering, against being archived or closed meanwhile ([`hold_sale`]),
//! 3. the resource,
//! 4. the order,
//! 5. names that must be free (`core::advisory_lock`),
//! 6. jobs.
//!
//! Two that meet then wait for each other in one direction only. SQLite has one writer, who has all locks from the start.

use entity::order;
use model::{OfferingId, OrderId, ProjectId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, QuerySelect, Statement};

use super::OrderingError;

/// Until the transaction ends, neither buyer nor offering (nor its plans and components, which are changed under the
/// offering's lock) change; any number of orders may be placed beside each other.
pub(super) async fn hold_sale(
    tx: &DatabaseTransaction,
    project: ProjectId,
    offering: OfferingId,
) -> Result<(), DbErr> {
    let buyer = "SELECT 1 FROM projects p JOIN organizations o ON o.id = p.organization_id WHERE p.id = $1 \
                 FOR KEY SHARE OF p, o";
    on_postgres(tx, buyer, project.0).await?;
    let sale = "SELECT 1 FROM offerings WHERE id = $1 FOR KEY SHARE";
    on_postgres(tx, sale, offering.0).await
}

/// The order, locked after its resource until the transaction ends.
pub(super) async fn lock_order(tx: &DatabaseTransaction, id: OrderId) -> Result<order::Model, OrderingError> {
    let resource =
        "SELECT 1 FROM resources WHERE id = (SELECT resource_id FROM orders WHERE id = $1) FOR UPDATE";
    on_postgres(tx, resource, id.0).await?;
    order::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or_else(OrderingError::no_order)
}

/// The order, locked after its buyer, its offering and its resource: for whoever looks at all of them before it begins.
pub(super) async fn lock_order_and_sale(
    tx: &DatabaseTransaction,
    id: OrderId,
) -> Result<order::Model, OrderingError> {
    let seen = order::Entity::find_by_id(id).one(tx).await?;
    let seen = seen.ok_or_else(OrderingError::no_order)?;
    hold_sale(tx, seen.project_id, seen.offering_id).await?;
    lock_order(tx, id).await
}

async fn on_postgres(tx: &DatabaseTransaction, sql: &str, id: uuid::Uuid) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = Statement::from_sql_and_values(DbBackend::Postgres, sql, [id.into()]);
        tx.query_one_raw(lock).await?;
    }
    Ok(())
}
