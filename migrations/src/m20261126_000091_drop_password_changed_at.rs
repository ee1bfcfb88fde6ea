//! When a password was changed decides nothing: sessions are bound to the hash of the password, so another one ends them. The
//! audit log tells when.

use sea_orm_migration::prelude::*;

use crate::column::moment_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter()
            .table("users")
            .drop_column("password_changed_at")
            .take();
        manager.alter_table(drop).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter()
            .table("users")
            .add_column(moment_null("password_changed_at"))
            .take();
        manager.alter_table(add).await
    }
}
