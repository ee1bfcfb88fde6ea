//! How long an offering is had: bounds of terms and days of grace.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter()
            .table("offerings")
            .add_column(
                ColumnDef::new("duration")
                    .json_binary()
                    .not_null()
                    .default(r#"{"grace_days":0}"#),
            )
            .take();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter().table("offerings").drop_column("duration").take();
        manager.alter_table(drop).await
    }
}
