//! What an order commits its buyer to. Of orders that are there: the larger of a full month and the first invoice, in which
//! what was owed once was counted.

use sea_orm_migration::prelude::*;

use crate::column::fixed;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter()
            .table("orders")
            .add_column(fixed("commitment").default(0))
            .take();
        manager.alter_table(add).await?;
        let sql = "UPDATE orders SET commitment = CASE WHEN first_invoice_cost > monthly_cost \
                   THEN first_invoice_cost ELSE monthly_cost END";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter().table("orders").drop_column("commitment").take();
        manager.alter_table(drop).await
    }
}
