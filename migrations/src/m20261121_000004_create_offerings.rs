//! The catalogue: categories, offerings, who may see private ones, and the attribute values to filter by.

use sea_orm_migration::{
    prelude::*,
    schema::{blob_null, boolean, integer, json_binary, text, uuid, uuid_null},
};

use crate::column::{belongs_to, drop_tables, index, moment, moment_null, primary_key, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_categories(manager).await?;
        create_offerings(manager).await?;
        create_offering_audiences(manager).await?;
        create_offering_facets(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["offering_facets", "offering_audiences", "offerings", "categories"],
        )
        .await
    }
}

async fn create_categories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("categories")
        .col(uuid("id").primary_key())
        .col(text("slug"))
        .col(text("name"))
        .col(text("description"))
        .col(text("icon"))
        .col(text("tint"))
        .col(integer("position"))
        .col(json_binary("attributes"))
        .col(moment("created_at"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("ux_categories_slug", "categories", &["slug"]))
        .await
}

async fn create_offerings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("offerings")
        .col(uuid("id").primary_key())
        .col(uuid("provider_id"))
        .col(uuid_null("category_id"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("summary"))
        .col(text("description"))
        .col(text("terms_of_service"))
        .col(integer("terms_version"))
        .col(text("state"))
        .col(text("state_reason"))
        .col(text("visibility"))
        .col(boolean("provider_approval"))
        .col(json_binary("attributes"))
        .col(json_binary("request_form"))
        .col(text("plugin"))
        .col(json_binary("settings"))
        .col(blob_null("settings_secret"))
        .col(moment_null("settings_tested_at"))
        .col(text("search_text"))
        .col(integer("revision"))
        .col(moment("created_at"))
        .col(moment_null("published_at"))
        .foreign_key(&mut references("provider_id", "organizations"))
        .foreign_key(&mut references("category_id", "categories"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("ux_offerings_slug", "offerings", &["slug"]))
        .await?;
    // Pages walk the names in order and stop; counting reads an index alone, never the long texts of the rows.
    let by_category = ["category_id", "name", "id", "state", "visibility", "provider_id"];
    for (name, columns) in [
        ("ix_offerings_name_id", ["name", "id"].as_slice()),
        ("ix_offerings_category_id_name", &by_category),
        ("ix_offerings_provider_id_name", &["provider_id", "name", "id"]),
        (
            "ix_offerings_visibility_state",
            &["visibility", "state", "provider_id", "id"],
        ),
    ] {
        manager.create_index(index(name, "offerings", columns)).await?;
    }
    Ok(())
}

async fn create_offering_audiences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("offering_audiences")
        .col(uuid("offering_id"))
        .col(uuid("organization_id"))
        .primary_key(&mut primary_key(&["offering_id", "organization_id"]))
        .foreign_key(&mut belongs_to("offering_id", "offerings"))
        .foreign_key(&mut belongs_to("organization_id", "organizations"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_offering_audiences_organization_id",
            "offering_audiences",
            &["organization_id"],
        ))
        .await
}

async fn create_offering_facets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("offering_facets")
        .col(uuid("offering_id"))
        .col(text("key"))
        .col(text("value"))
        .primary_key(&mut primary_key(&["offering_id", "key", "value"]))
        .foreign_key(&mut belongs_to("offering_id", "offerings"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_offering_facets_key_value",
            "offering_facets",
            &["key", "value"],
        ))
        .await
}
