//! What documents in the buyer's favour grant stands on an account until invoices use it; entries are only ever added.
//! What was issued below zero before stands on it as well.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, text, uuid},
};

use crate::column::{drop_tables, fixed, index, moment, references, unique};
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
            .table("account_entries")
            .col(uuid("id").primary_key())
            .col(uuid("organization_id"))
            .col(uuid("provider_id"))
            .col(text("currency"))
            .col(integer("position"))
            .col(uuid("invoice_id"))
            .col(fixed("amount"))
            .col(moment("created_at"))
            .foreign_key(&mut references("organization_id", "organizations"))
            .foreign_key(&mut references("provider_id", "organizations"))
            .foreign_key(&mut references("invoice_id", "invoices"))
            .take();
        manager.create_table(table).await?;
        let of_account = ["organization_id", "provider_id", "currency", "position"];
        manager
            .create_index(unique(
                "ux_account_entries_account_position",
                "account_entries",
                &of_account,
            ))
            .await?;
        manager
            .create_index(unique(
                "ux_account_entries_invoice_id",
                "account_entries",
                &["invoice_id"],
            ))
            .await?;
        manager
            .create_index(index(
                "ix_account_entries_provider_id",
                "account_entries",
                &["provider_id"],
            ))
            .await?;
        let sql = Dialects {
            sqlite: include_str!("sql/create_account_entries_up.sqlite.sql"),
            postgres: include_str!("sql/create_account_entries_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/create_account_entries_down.sqlite.sql"),
            postgres: include_str!("sql/create_account_entries_down.postgres.sql"),
        };
        run(manager, sql).await?;
        drop_tables(manager, &["account_entries"]).await
    }
}
