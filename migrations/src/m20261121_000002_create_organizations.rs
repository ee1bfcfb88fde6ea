//! Organizations, which buy and sell, and their projects.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, date_null, text, uuid},
};

use crate::column::{drop_tables, fixed, fixed_null, index, moment, moment_null, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_organizations(manager).await?;
        create_projects(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["projects", "organizations"]).await
    }
}

async fn create_organizations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("organizations")
        .col(uuid("id").primary_key())
        .col(text("slug"))
        .col(text("name"))
        .col(text("legal_name"))
        .col(text("registration_number"))
        .col(text("vat_number"))
        .col(text("address"))
        .col(text("country"))
        .col(text("email"))
        .col(text("bank_account"))
        .col(text("currency"))
        .col(fixed("tax_percent"))
        .col(text("time_zone"))
        .col(boolean("is_provider"))
        .col(text("provider_description"))
        .col(moment_null("archived_at"))
        .col(moment("created_at"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("ux_organizations_slug", "organizations", &["slug"]))
        .await?;
    manager
        .create_index(index("ix_organizations_name", "organizations", &["name"]))
        .await
}

async fn create_projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("projects")
        .col(uuid("id").primary_key())
        .col(uuid("organization_id"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("description"))
        .col(date_null("start_date"))
        .col(date_null("end_date"))
        .col(fixed_null("approval_limit"))
        .col(moment_null("archived_at"))
        .col(moment("created_at"))
        .foreign_key(&mut references("organization_id", "organizations"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "ux_projects_organization_id_slug",
            "projects",
            &["organization_id", "slug"],
        ))
        .await
}
