//! Webhooks: where what happens is told, how far each was told, and each try. Events get their numbers after their transactions
//! have theirs, so that readers know when nothing older can still come.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, binary, binary_null, boolean, integer, json_binary, small_integer_null, text, uuid,
        uuid_null,
    },
};

use crate::column::{belongs_to, drop_tables, index, moment, moment_null};
use crate::engine::{Dialects, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: "",
            postgres: include_str!("sql/create_webhooks_up.postgres.sql"),
        };
        run(manager, sql).await?;
        manager.create_table(webhooks()).await?;
        let scope = ["scope_kind", "scope_id"];
        manager
            .create_index(index("ix_webhooks_scope_kind_scope_id", "webhooks", &scope))
            .await?;
        manager.create_table(deliveries()).await?;
        let of_webhook = ["webhook_id", "id"];
        manager
            .create_index(index(
                "ix_webhook_deliveries_webhook_id_id",
                "webhook_deliveries",
                &of_webhook,
            ))
            .await?;
        manager
            .create_index(index("ix_webhook_deliveries_at", "webhook_deliveries", &["at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["webhook_deliveries", "webhooks"]).await?;
        let sql = Dialects {
            sqlite: "",
            postgres: include_str!("sql/create_webhooks_down.postgres.sql"),
        };
        run(manager, sql).await
    }
}

fn webhooks() -> TableCreateStatement {
    Table::create()
        .table("webhooks")
        .col(uuid("id").primary_key())
        .col(text("scope_kind"))
        .col(uuid_null("scope_id"))
        .col(text("url"))
        .col(text("description"))
        .col(json_binary("kinds"))
        .col(text("state"))
        .col(binary("secret"))
        .col(binary_null("previous_secret"))
        .col(moment_null("previous_until"))
        .col(big_integer("position"))
        .col(integer("attempts"))
        .col(integer("answered"))
        .col(moment_null("failing_since"))
        .col(moment_null("next_try_at"))
        .col(text("last_error"))
        .col(integer("revision"))
        .col(moment("created_at"))
        .col(moment("updated_at"))
        .take()
}

fn deliveries() -> TableCreateStatement {
    Table::create()
        .table("webhook_deliveries")
        .col(uuid("id").primary_key())
        .col(uuid("webhook_id"))
        .col(uuid("event_id"))
        .col(text("kind"))
        .col(integer("attempt"))
        .col(boolean("by_hand"))
        .col(text("outcome"))
        .col(small_integer_null("status"))
        .col(text("error"))
        .col(text("request"))
        .col(text("answer"))
        .col(integer("milliseconds"))
        .col(moment("at"))
        .foreign_key(&mut belongs_to("webhook_id", "webhooks"))
        .take()
}
