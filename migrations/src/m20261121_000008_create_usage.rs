//! Meter events, and their totals per day.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, date, text, text_null, uuid, uuid_null},
};

use crate::column::{drop_tables, fixed, index, moment, primary_key, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_usage_events(manager).await?;
        create_usage_days(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["usage_days", "usage_events"]).await
    }
}

async fn create_usage_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("usage_events")
        .col(uuid("id").primary_key())
        .col(uuid("resource_id"))
        .col(text("component"))
        .col(moment("window_start"))
        .col(moment("window_end"))
        .col(fixed("quantity"))
        .col(text("key"))
        .col(text_null("username"))
        .col(text("source"))
        .col(uuid_null("replaces"))
        .col(boolean("superseded"))
        .col(moment("recorded_at"))
        .foreign_key(&mut references("resource_id", "resources"))
        .foreign_key(&mut references("replaces", "usage_events"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_usage_events_resource_id_component_window_start",
            "usage_events",
            &["resource_id", "component", "window_start"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_usage_events_recorded_at",
            "usage_events",
            &["recorded_at"],
        ))
        .await?;
    let counted_once = unique(
        "ux_usage_events_counted_key",
        "usage_events",
        &["resource_id", "key"],
    )
    .and_where(Expr::col("superseded").eq(false))
    .take();
    manager.create_index(counted_once).await
}

async fn create_usage_days(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("usage_days")
        .col(uuid("resource_id"))
        .col(text("component"))
        .col(date("day"))
        .col(fixed("quantity"))
        .primary_key(&mut primary_key(&["resource_id", "component", "day"]))
        .foreign_key(&mut references("resource_id", "resources"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("ix_usage_days_day", "usage_days", &["day"]))
        .await
}
