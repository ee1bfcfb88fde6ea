//! What an offering is billed for (components), how it is sold (plans), and every version of every price.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, date, integer, json_binary, text, text_null, uuid},
};

use crate::column::{drop_tables, fixed, fixed_null, index, moment, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_components(manager).await?;
        create_plans(manager).await?;
        create_plan_prices(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["plan_prices", "plans", "components"]).await
    }
}

async fn create_components(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("components")
        .col(uuid("id").primary_key())
        .col(uuid("offering_id"))
        .col(text("code"))
        .col(text("name"))
        .col(text("description"))
        .col(text("article_code"))
        .col(text("unit"))
        .col(text("charge"))
        .col(text("limit_period"))
        .col(boolean("prepaid"))
        .col(fixed_null("min"))
        .col(fixed_null("max"))
        .col(fixed_null("default_value"))
        .col(fixed_null("step"))
        .col(fixed("factor"))
        .col(text_null("overage_component"))
        .col(integer("position"))
        .foreign_key(&mut references("offering_id", "offerings"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "ux_components_offering_id_code",
            "components",
            &["offering_id", "code"],
        ))
        .await
}

async fn create_plans(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("plans")
        .col(uuid("id").primary_key())
        .col(uuid("offering_id"))
        .col(text("name"))
        .col(text("description"))
        .col(text("currency"))
        .col(text("billing_period"))
        .col(text("proration"))
        .col(text("charge_mode"))
        .col(fixed("setup_fee"))
        .col(boolean("archived"))
        .col(integer("position"))
        .col(moment("created_at"))
        .foreign_key(&mut references("offering_id", "offerings"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "ux_plans_offering_id_name",
            "plans",
            &["offering_id", "name"],
        ))
        .await
}

async fn create_plan_prices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("plan_prices")
        .col(uuid("id").primary_key())
        .col(uuid("plan_id"))
        .col(uuid("component_id"))
        .col(integer("version"))
        .col(date("valid_from"))
        .col(json_binary("scheme"))
        .col(fixed("sort_price"))
        .col(moment("created_at"))
        .foreign_key(&mut references("plan_id", "plans"))
        .foreign_key(&mut references("component_id", "components"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "ux_plan_prices_plan_id_component_id_version",
            "plan_prices",
            &["plan_id", "component_id", "version"],
        ))
        .await?;
    manager
        .create_index(index(
            "ix_plan_prices_component_id",
            "plan_prices",
            &["component_id"],
        ))
        .await
}
