//! Each entry of an account knows what stood there after it, so that the newest one tells the balance: settling a document and
//! listing accounts read one entry of an account, however many it has.

use sea_orm_migration::prelude::*;

use crate::engine::{Dialects, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let balance = ColumnDef::new("balance")
            .big_integer()
            .not_null()
            .default(0)
            .take();
        let add = Table::alter().table("account_entries").add_column(balance).take();
        manager.alter_table(add).await?;
        let sql = Dialects {
            sqlite: include_str!("sql/keep_account_balances_up.sqlite.sql"),
            postgres: include_str!("sql/keep_account_balances_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter()
            .table("account_entries")
            .drop_column("balance")
            .take();
        manager.alter_table(drop).await
    }
}
