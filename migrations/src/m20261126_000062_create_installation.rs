//! What an installation keeps about itself: so far, the value by which a wrong secret key is noticed.

use sea_orm_migration::{
    prelude::*,
    schema::{blob, text},
};

use crate::column::drop_tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("installation")
            .col(text("name").primary_key())
            .col(blob("value"))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["installation"]).await
    }
}
