//! The audit log. It outlives what it tells about, so it references nothing.

use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, text, uuid, uuid_null},
};

use crate::column::{drop_tables, index, moment};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_audit_events(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_events"]).await
    }
}

async fn create_audit_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("audit_events")
        .col(uuid("id").primary_key())
        .col(moment("at"))
        .col(uuid_null("actor_id"))
        .col(text("actor_name"))
        .col(uuid_null("organization_id"))
        .col(uuid_null("project_id"))
        .col(uuid_null("provider_id"))
        .col(text("subject_kind"))
        .col(uuid("subject_id"))
        .col(text("verb"))
        .col(json_binary("before"))
        .col(json_binary("after"))
        .col(text("reason"))
        .col(text("trace_id"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_audit_events_subject_kind_subject_id_at",
            "audit_events",
            &["subject_kind", "subject_id", "at"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_audit_events_organization_id_at",
            "audit_events",
            &["organization_id", "at"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_audit_events_project_id_at",
            "audit_events",
            &["project_id", "at"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_audit_events_provider_id_at",
            "audit_events",
            &["provider_id", "at"],
        ))
        .await?;
    manager
        .create_index(index("ix_audit_events_at", "audit_events", &["at"]))
        .await
}
