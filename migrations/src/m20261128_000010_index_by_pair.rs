//! What a buyer has from a provider is found by an index of both. With one of either, all buyers of a provider were read to
//! find those of one, and all invoices of a month to find that of a pair: the daily work of a portal with a thousand buyers took
//! minutes instead of seconds.

use sea_orm_migration::prelude::*;

use crate::column::{index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const BY_PAIR: &str = "ix_resources_organization_id_provider_id";
const BY_BUYER: &str = "ix_resources_organization_id";
const BY_MONTH: &str = "ux_invoices_organization_id_provider_id_month_currency";
const BY_CURRENCY: &str = "ux_invoices_organization_id_provider_id_currency_month";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let pair = ["organization_id", "provider_id"];
        manager.create_index(index(BY_PAIR, "resources", &pair)).await?;
        drop_index(manager, BY_BUYER, "resources").await?;
        let month = ["organization_id", "provider_id", "month", "currency"];
        manager.create_index(unique(BY_MONTH, "invoices", &month)).await?;
        drop_index(manager, BY_CURRENCY, "invoices").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let currency = ["organization_id", "provider_id", "currency", "month"];
        manager
            .create_index(unique(BY_CURRENCY, "invoices", &currency))
            .await?;
        drop_index(manager, BY_MONTH, "invoices").await?;
        manager
            .create_index(index(BY_BUYER, "resources", &["organization_id"]))
            .await?;
        drop_index(manager, BY_PAIR, "resources").await
    }
}

async fn drop_index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
) -> Result<(), DbErr> {
    manager
        .drop_index(Index::drop().name(name).table(table).to_owned())
        .await
}
