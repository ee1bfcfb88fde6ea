//! Keys under which a client may repeat a request without repeating its effect.

use sea_orm_migration::{
    prelude::*,
    schema::{integer_null, json_binary_null, text, uuid},
};

use crate::column::{belongs_to, drop_tables, index, moment, primary_key};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_idempotency_keys(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["idempotency_keys"]).await
    }
}

async fn create_idempotency_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("idempotency_keys")
        .col(uuid("user_id"))
        .col(text("key"))
        .col(text("fingerprint"))
        .col(integer_null("status"))
        .col(json_binary_null("response"))
        .col(moment("created_at"))
        .primary_key(&mut primary_key(&["user_id", "key"]))
        .foreign_key(&mut belongs_to("user_id", "users"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_idempotency_keys_created_at",
            "idempotency_keys",
            &["created_at"],
        ))
        .await
}
