//! Who may what, on which scope. A scope names rows of several tables, so `scope_id` is no foreign key.

use sea_orm_migration::{
    prelude::*,
    schema::{text, uuid, uuid_null},
};

use crate::column::{drop_tables, index, moment, moment_null, references};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_role_grants(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["role_grants"]).await
    }
}

async fn create_role_grants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("role_grants")
        .col(uuid("id").primary_key())
        .col(uuid("user_id"))
        .col(text("role"))
        .col(text("scope_kind"))
        .col(uuid_null("scope_id"))
        .col(uuid_null("granted_by"))
        .col(text("reason"))
        .col(moment("created_at"))
        .col(moment_null("expires_at"))
        .col(moment_null("revoked_at"))
        .foreign_key(&mut references("user_id", "users"))
        .foreign_key(&mut references("granted_by", "users"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("ix_role_grants_user_id", "role_grants", &["user_id"]))
        .await?;
    manager
        .create_index(index(
            "ix_role_grants_scope_kind_scope_id",
            "role_grants",
            &["scope_kind", "scope_id"],
        ))
        .await
}
