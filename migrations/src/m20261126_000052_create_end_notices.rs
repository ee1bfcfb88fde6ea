//! What was told about ends, so that each thing is told once.

use sea_orm_migration::{
    prelude::*,
    schema::{date, integer, text, uuid},
};

use crate::column::{drop_tables, moment, primary_key};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("end_notices")
            .col(uuid("subject_id"))
            .col(date("last_day"))
            .col(integer("days"))
            .col(text("kind"))
            .col(moment("told_at"))
            .primary_key(&mut primary_key(&["subject_id", "last_day", "days"]))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["end_notices"]).await
    }
}
