//! Whether buyers are asked what they expect to use of a component, and what they said.

use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, text},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let asks = Table::alter()
            .table("components")
            .add_column(text("expected_use").default("off"))
            .take();
        manager.alter_table(asks).await?;
        for table in ["orders", "resources"] {
            let said = Table::alter()
                .table(table)
                .add_column(json_binary("expected_use").default("{}"))
                .take();
            manager.alter_table(said).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["resources", "orders", "components"] {
            let drop = Table::alter().table(table).drop_column("expected_use").take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
