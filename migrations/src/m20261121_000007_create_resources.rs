//! Resources, and the stretches of time in which each had one plan and one set of limits.

use sea_orm_migration::{
    prelude::*,
    schema::{blob_null, date_null, json_binary, text, uuid},
    sea_orm::DbBackend,
};

use crate::column::{drop_tables, index, moment, moment_null, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_resources(manager).await?;
        create_resource_intervals(manager).await?;
        refer_orders_to_resources(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        release_orders(manager).await?;
        drop_tables(manager, &["resource_intervals", "resources"]).await
    }
}

async fn create_resources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("resources")
        .col(uuid("id").primary_key())
        .col(text("name"))
        .col(text("slug"))
        .col(text("state"))
        .col(uuid("project_id"))
        .col(uuid("organization_id"))
        .col(uuid("offering_id"))
        .col(uuid("provider_id"))
        .col(uuid("plan_id"))
        .col(uuid("order_id"))
        .col(text("backend_id"))
        .col(json_binary("access"))
        .col(json_binary("attributes"))
        .col(blob_null("secrets"))
        .col(json_binary("limits"))
        .col(date_null("end_date"))
        .col(text("error"))
        .col(json_binary("progress"))
        .col(moment("created_at"))
        .col(moment_null("activated_at"))
        .col(moment_null("terminated_at"))
        .col(moment_null("usage_until"))
        .col(text("usage_error"))
        .foreign_key(&mut references("project_id", "projects"))
        .foreign_key(&mut references("organization_id", "organizations"))
        .foreign_key(&mut references("offering_id", "offerings"))
        .foreign_key(&mut references("provider_id", "organizations"))
        .foreign_key(&mut references("plan_id", "plans"))
        .foreign_key(&mut references("order_id", "orders"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "ux_resources_project_id_slug",
            "resources",
            &["project_id", "slug"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_resources_project_id_state",
            "resources",
            &["project_id", "state"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_resources_organization_id",
            "resources",
            &["organization_id"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_resources_provider_id_state",
            "resources",
            &["provider_id", "state"],
        ))
        .await?;
    manager
        .create_index(index("ix_resources_offering_id", "resources", &["offering_id"]))
        .await
}

async fn create_resource_intervals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("resource_intervals")
        .col(uuid("id").primary_key())
        .col(uuid("resource_id"))
        .col(uuid("plan_id"))
        .col(json_binary("limits"))
        .col(moment("starts_at"))
        .col(moment_null("ends_at"))
        .foreign_key(&mut references("resource_id", "resources"))
        .foreign_key(&mut references("plan_id", "plans"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_resource_intervals_resource_id_starts_at",
            "resource_intervals",
            &["resource_id", "starts_at"],
        ))
        .await?;
    let one_present = unique(
        "ux_resource_intervals_present",
        "resource_intervals",
        &["resource_id"],
    )
    .and_where(Expr::col("ends_at").is_null())
    .take();
    manager.create_index(one_present).await
}

const ORDER_KEY: &str = "fk_orders_resource_id";

/// The key that `SQLite` got with the table (see the step before).
async fn refer_orders_to_resources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let key = ForeignKey::create()
        .name(ORDER_KEY)
        .from("orders", "resource_id")
        .to("resources", "id")
        .take();
    manager.create_foreign_key(key).await
}

/// Orders forget their resources before the resources go.
async fn release_orders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        let forget = Query::update()
            .table("orders")
            .value("resource_id", Keyword::Null)
            .take();
        return manager.execute(forget).await;
    }
    let mut key = ForeignKey::drop();
    key.name(ORDER_KEY).table("orders");
    manager.drop_foreign_key(key).await
}
