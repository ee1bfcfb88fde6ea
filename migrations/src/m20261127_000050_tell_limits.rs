//! What each backend that counts over the life of a resource was told of its limits, so that what has changed since is found and told again.

use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, uuid},
};

use crate::column::{belongs_to, drop_tables};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("resource_limits")
            .col(uuid("resource_id").primary_key())
            .col(json_binary("told"))
            .foreign_key(&mut belongs_to("resource_id", "resources"))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["resource_limits"]).await
    }
}
