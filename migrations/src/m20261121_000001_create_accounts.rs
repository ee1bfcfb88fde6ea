//! People who can sign in, their browser sessions and API tokens, and the brake on guessing passwords.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, boolean, integer, json_binary, text, text_null, uuid, uuid_null},
};

use crate::column::{belongs_to, drop_tables, index, moment, moment_null, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_users(manager).await?;
        create_sessions(manager).await?;
        create_api_tokens(manager).await?;
        create_throttles(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["throttles", "api_tokens", "sessions", "users"]).await
    }
}

async fn create_users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("users")
        .col(uuid("id").primary_key())
        .col(text("email"))
        .col(text("name"))
        .col(text("username"))
        .col(text_null("password_hash"))
        .col(text("time_zone"))
        .col(boolean("is_active"))
        .col(moment("created_at"))
        .col(moment_null("last_login_at"))
        .col(moment_null("password_changed_at"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("ux_users_email", "users", &["email"]))
        .await?;
    manager
        .create_index(unique("ux_users_username", "users", &["username"]))
        .await
}

async fn create_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("sessions")
        .col(text("id").primary_key())
        .col(uuid_null("user_id"))
        .col(blob("data"))
        .col(big_integer("expires_at"))
        .col(moment("created_at"))
        .col(big_integer("last_seen_at"))
        .foreign_key(&mut belongs_to("user_id", "users"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("ix_sessions_expires_at", "sessions", &["expires_at"]))
        .await?;
    manager
        .create_index(index("ix_sessions_user_id", "sessions", &["user_id"]))
        .await
}

async fn create_api_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("api_tokens")
        .col(uuid("id").primary_key())
        .col(uuid("user_id"))
        .col(text("name"))
        .col(text("prefix"))
        .col(text("secret_hash"))
        .col(json_binary("scopes"))
        .col(moment("created_at"))
        .col(moment_null("last_used_at"))
        .col(moment("expires_at"))
        .col(moment_null("revoked_at"))
        .foreign_key(&mut belongs_to("user_id", "users"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "ux_api_tokens_secret_hash",
            "api_tokens",
            &["secret_hash"],
        ))
        .await?;
    manager
        .create_index(index("ix_api_tokens_user_id", "api_tokens", &["user_id"]))
        .await
}

async fn create_throttles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("throttles")
        .col(text("bucket").primary_key())
        .col(integer("failures"))
        .col(moment_null("blocked_until"))
        .col(moment("updated_at"))
        .take();
    manager.create_table(table).await
}
