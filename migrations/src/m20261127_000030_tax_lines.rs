//! Each line of a document has its own tax: what corrects an earlier document is taxed as that one was. Lines of before have
//! none of their own; all of their document is at one rate.

use sea_orm_migration::{prelude::*, schema::json_binary_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter()
            .table("invoice_items")
            .add_column(json_binary_null("tax"))
            .take();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter().table("invoice_items").drop_column("tax").take();
        manager.alter_table(drop).await
    }
}
