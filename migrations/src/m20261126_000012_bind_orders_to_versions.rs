//! An order keeps the versions of prices and terms that its quote used, and for how long the quote holds; the stretches
//! of the resource that it makes keep the same. What is there already has bound nothing: every version reaches it by its
//! own dates, as before.

use sea_orm_migration::{prelude::*, schema::json_binary_null};

use crate::column::moment_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("orders", json_binary_null("binding")),
            ("orders", moment_null("quote_valid_until")),
            ("resource_intervals", json_binary_null("binding")),
        ] {
            let add = Table::alter().table(table).add_column(column).take();
            manager.alter_table(add).await?;
        }
        let holds = Query::update()
            .table("orders")
            .value("quote_valid_until", Expr::col("expires_at"))
            .and_where(Expr::col("quote").is_not_null())
            .take();
        manager.execute(holds).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("resource_intervals", "binding"),
            ("orders", "quote_valid_until"),
            ("orders", "binding"),
        ] {
            let drop = Table::alter().table(table).drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
