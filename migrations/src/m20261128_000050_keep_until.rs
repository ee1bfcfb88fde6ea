//! A resource whose last day is over is kept for as long as was said then, whatever its offering gives later; and days of grace
//! that it had are not given again.

use sea_orm_migration::{
    prelude::*,
    schema::{date_null, integer},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let used = integer("grace_used").default(0).take();
        // SQLite adds one column at a time.
        for column in [date_null("kept_until"), used] {
            let add = Table::alter().table("resources").add_column(column).take();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["grace_used", "kept_until"] {
            let drop = Table::alter().table("resources").drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
