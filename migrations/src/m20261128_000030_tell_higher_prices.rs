//! An order tells the day on which a price of it rises, where that was published when it was placed: lists say so without
//! reading the quotes. Quotes from before told nothing of it.

use sea_orm_migration::{prelude::*, schema::date_null};

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
            .add_column(date_null("higher_price_from"))
            .take();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter()
            .table("orders")
            .drop_column("higher_price_from")
            .take();
        manager.alter_table(drop).await
    }
}
