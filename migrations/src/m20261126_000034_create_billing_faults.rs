//! Whose month cannot be computed as things are: staff are shown who and why before the month is closed.

use sea_orm_migration::{
    prelude::*,
    schema::{text, uuid},
};

use crate::column::{drop_tables, moment, primary_key, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("billing_faults")
            .col(uuid("organization_id"))
            .col(uuid("provider_id"))
            .col(text("month"))
            .col(moment("found_at"))
            .primary_key(&mut primary_key(&["organization_id", "provider_id", "month"]))
            .foreign_key(&mut references("organization_id", "organizations"))
            .foreign_key(&mut references("provider_id", "organizations"))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["billing_faults"]).await
    }
}
