//! Invoices, their lines, the series of their numbers, and their PDFs.

use sea_orm_migration::{
    prelude::*,
    schema::{blob, boolean, date, date_null, integer, json_binary, text, text_null, uuid, uuid_null},
};

use crate::column::{drop_tables, fixed, fixed_null, index, moment, primary_key, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_invoices(manager).await?;
        create_invoice_items(manager).await?;
        create_invoice_series(manager).await?;
        create_invoice_pdfs(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["invoice_pdfs", "invoice_series", "invoice_items", "invoices"],
        )
        .await
    }
}

async fn create_invoices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("invoices")
        .col(uuid("id").primary_key())
        .col(uuid("organization_id"))
        .col(uuid("provider_id"))
        .col(text("currency"))
        .col(text("month"))
        .col(text("state"))
        .col(text_null("number"))
        .col(json_binary("seller"))
        .col(json_binary("buyer"))
        .col(fixed("tax_percent"))
        .col(boolean("reverse_charge"))
        .col(date_null("issued_on"))
        .col(date_null("due_on"))
        .col(fixed("net"))
        .col(fixed("tax"))
        .col(json_binary("taxes"))
        .col(fixed("total"))
        .col(moment("created_at"))
        .col(moment("updated_at"))
        .foreign_key(&mut references("organization_id", "organizations"))
        .foreign_key(&mut references("provider_id", "organizations"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "ux_invoices_organization_id_provider_id_currency_month",
            "invoices",
            &["organization_id", "provider_id", "currency", "month"],
        ))
        .await?;
    manager
        .create_index(unique("ux_invoices_number", "invoices", &["number"]))
        .await?;
    manager
        .create_index(index("ix_invoices_provider_id", "invoices", &["provider_id"]))
        .await?;
    manager
        .create_index(index("ix_invoices_month", "invoices", &["month"]))
        .await
}

async fn create_invoice_items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("invoice_items")
        .col(uuid("id").primary_key())
        .col(uuid("invoice_id"))
        .col(integer("position"))
        .col(uuid_null("resource_id"))
        .col(text("resource_name"))
        .col(uuid_null("project_id"))
        .col(text("project_name"))
        .col(text("component"))
        .col(text("description"))
        .col(fixed("quantity"))
        .col(text("unit"))
        .col(fixed_null("unit_price"))
        .col(fixed("amount"))
        .col(date("from_day"))
        .col(date("until_day"))
        .col(text("price_version"))
        .col(json_binary("derivation"))
        .foreign_key(&mut references("invoice_id", "invoices"))
        .foreign_key(&mut references("resource_id", "resources"))
        .foreign_key(&mut references("project_id", "projects"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_invoice_items_invoice_id_position",
            "invoice_items",
            &["invoice_id", "position"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_invoice_items_resource_id",
            "invoice_items",
            &["resource_id"],
        ))
        .await
}

async fn create_invoice_series(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("invoice_series")
        .col(uuid("provider_id"))
        .col(integer("year"))
        .col(integer("next"))
        .primary_key(&mut primary_key(&["provider_id", "year"]))
        .foreign_key(&mut references("provider_id", "organizations"))
        .take();
    manager.create_table(table).await
}

async fn create_invoice_pdfs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("invoice_pdfs")
        .col(uuid("invoice_id").primary_key())
        .col(text("sha256"))
        .col(blob("bytes"))
        .col(moment("created_at"))
        .foreign_key(&mut references("invoice_id", "invoices"))
        .take();
    manager.create_table(table).await
}
