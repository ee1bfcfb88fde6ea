//! What backends listed of resources, as it is kept.

use entity::{job, resource_parts};
use model::{InventoryTable, JobState, ResourceId, ResourceInventory};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

use crate::jobs::Job;
use crate::jobs::kinds::ListParts;

/// What the backend of a resource listed of it, as people see it.
pub(super) async fn shown(db: &impl ConnectionTrait, id: ResourceId) -> Result<ResourceInventory, DbErr> {
    let row = resource_parts::Entity::find_by_id(id).one(db).await?;
    let subject = ListParts { resource_id: id }.subject();
    let waiting = job::Entity::find()
        .filter(job::Column::Kind.eq(ListParts::NAME))
        .filter(job::Column::Subject.eq(subject))
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Leased]))
        .count(db)
        .await?;
    let tables = row.as_ref().map(resource_parts::Model::listed).transpose()?;
    Ok(ResourceInventory {
        taken_at: row.as_ref().and_then(|row| row.taken_at),
        is_being_taken: waiting > 0,
        can_list: false,
        tables: tables.unwrap_or_default(),
        error: row.map(|row| row.error).unwrap_or_default(),
    })
}

/// The tables that are kept of a resource.
pub(super) async fn tables_of(
    db: &impl ConnectionTrait,
    id: ResourceId,
) -> Result<Vec<InventoryTable>, DbErr> {
    let row = resource_parts::Entity::find_by_id(id).one(db).await?;
    row.as_ref()
        .map(resource_parts::Model::listed)
        .transpose()
        .map(Option::unwrap_or_default)
}
