//! Up to which month a buyer and a provider are closed: late use then has one document to stand on, and months are closed
//! in their order.

use sea_orm_migration::{
    prelude::*,
    schema::{text, uuid},
};

use crate::column::{drop_tables, moment, primary_key, references};
use crate::engine::{Dialects, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("closed_months")
            .col(uuid("organization_id"))
            .col(uuid("provider_id"))
            .col(text("through"))
            .col(moment("closed_at"))
            .primary_key(&mut primary_key(&["organization_id", "provider_id"]))
            .foreign_key(&mut references("organization_id", "organizations"))
            .foreign_key(&mut references("provider_id", "organizations"))
            .take();
        manager.create_table(table).await?;
        let sql = Dialects {
            sqlite: include_str!("sql/remember_closed_months_up.sqlite.sql"),
            postgres: include_str!("sql/remember_closed_months_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["closed_months"]).await
    }
}
