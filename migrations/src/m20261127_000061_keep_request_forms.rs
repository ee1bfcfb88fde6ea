//! An order keeps the form that its answers were given to, so that they can be read once the offering asks something else.
//! Of orders of before, nobody knows any more what they were asked.

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
            .table("orders")
            .add_column(json_binary_null("request_form"))
            .take();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter().table("orders").drop_column("request_form").take();
        manager.alter_table(drop).await
    }
}
