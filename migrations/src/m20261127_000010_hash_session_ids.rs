//! Ids of sessions are kept as SHA-256 only, and no longer within the session's record. Sessions of before cannot be told
//! from stolen ones: everybody signs in once more.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        end_all(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        end_all(manager).await
    }
}

async fn end_all(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let delete = Query::delete().from_table("sessions").take();
    manager.execute(delete).await
}
