//! Notices: what people are told of what happened, what they do not want to be told, and how far the log was read for them. What
//! happened before this step is not told, nor what waits to be carried out by hand since before.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text, uuid, uuid_null},
};

use crate::column::{belongs_to, drop_tables, index, moment, moment_null, primary_key, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(notices()).await?;
        let of_event = ["event_id", "user_id"];
        manager
            .create_index(unique("ux_notices_event_id_user_id", "notices", &of_event))
            .await?;
        for (name, columns) in [
            ("ix_notices_user_id_id", &["user_id", "id"]),
            ("ix_notices_user_id_read_at", &["user_id", "read_at"]),
        ] {
            manager.create_index(index(name, "notices", columns)).await?;
        }
        manager
            .create_index(index("ix_notices_at", "notices", &["at"]))
            .await?;
        manager.create_table(choices()).await?;
        manager.create_table(readers()).await?;
        let begin = "INSERT INTO event_readers (name, position)
            SELECT 'notices', coalesce(max(sequence), 0) FROM audit_events";
        manager.get_connection().execute_unprepared(begin).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["event_readers", "notice_choices", "notices"]).await
    }
}

fn notices() -> TableCreateStatement {
    Table::create()
        .table("notices")
        .col(uuid("id").primary_key())
        .col(uuid("user_id"))
        .col(uuid("event_id"))
        .col(text("kind"))
        .col(uuid_null("organization_id"))
        .col(uuid_null("project_id"))
        .col(uuid_null("provider_id"))
        .col(uuid_null("offering_id"))
        .col(moment("at"))
        .col(moment_null("read_at"))
        .foreign_key(&mut belongs_to("user_id", "users"))
        .take()
}

fn choices() -> TableCreateStatement {
    Table::create()
        .table("notice_choices")
        .col(uuid("user_id"))
        .col(text("kind"))
        .primary_key(&mut primary_key(&["user_id", "kind"]))
        .foreign_key(&mut belongs_to("user_id", "users"))
        .take()
}

fn readers() -> TableCreateStatement {
    Table::create()
        .table("event_readers")
        .col(text("name").primary_key())
        .col(big_integer("position"))
        .take()
}
