//! Actions: what was asked for of resources beside orders, the condition that they are in on their backend, the parts that it
//! lists of them, and the actions that a provider defines.

use sea_orm_migration::{
    prelude::*,
    schema::{blob_null, boolean, json_binary, text, uuid, uuid_null},
};

use crate::column::{belongs_to, drop_tables, index, moment, moment_null, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(actions()).await?;
        for (name, columns) in [
            ("ix_resource_actions_resource_id_id", &["resource_id", "id"]),
            (
                "ix_resource_actions_organization_id_id",
                &["organization_id", "id"],
            ),
            ("ix_resource_actions_project_id_id", &["project_id", "id"]),
            ("ix_resource_actions_offering_id_id", &["offering_id", "id"]),
            ("ix_resource_actions_provider_id_state", &["provider_id", "state"]),
            ("ix_resource_actions_state_ended_at", &["state", "ended_at"]),
        ] {
            manager
                .create_index(index(name, "resource_actions", columns))
                .await?;
        }
        let alone = unique("ux_resource_actions_alone", "resource_actions", &["resource_id"])
            .and_where(Expr::col("beside_others").eq(false))
            .and_where(Expr::col("state").is_in(["waiting", "running"]))
            .take();
        manager.create_index(alone).await?;
        let open = index("ix_resource_actions_open", "resource_actions", &["state"])
            .and_where(Expr::col("state").is_in(["waiting", "running"]))
            .take();
        manager.create_index(open).await?;
        manager.create_table(parts()).await?;
        let condition = text("condition").default("").take();
        let add = Table::alter().table("resources").add_column(condition).take();
        manager.alter_table(add).await?;
        let own = json_binary("actions").default("[]").take();
        let add = Table::alter().table("offerings").add_column(own).take();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("offerings", "actions"), ("resources", "condition")] {
            let drop = Table::alter().table(table).drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        drop_tables(manager, &["resource_parts", "resource_actions"]).await
    }
}

fn actions() -> TableCreateStatement {
    Table::create()
        .table("resource_actions")
        .col(uuid("id").primary_key())
        .col(uuid("resource_id"))
        .col(uuid("organization_id"))
        .col(uuid("project_id"))
        .col(uuid("provider_id"))
        .col(uuid("offering_id"))
        .col(text("key"))
        .col(text("title"))
        .col(text("audience"))
        .col(boolean("by_hand"))
        .col(boolean("beside_others"))
        .col(text("state"))
        .col(json_binary("form"))
        .col(json_binary("input"))
        .col(blob_null("secrets"))
        .col(uuid_null("asked_by"))
        .col(moment("asked_at"))
        .col(moment_null("ended_at"))
        .col(json_binary("progress"))
        .col(text("message"))
        .col(json_binary("output"))
        .foreign_key(&mut belongs_to("resource_id", "resources"))
        .foreign_key(&mut references("asked_by", "users"))
        .take()
}

fn parts() -> TableCreateStatement {
    Table::create()
        .table("resource_parts")
        .col(uuid("resource_id").primary_key())
        .col(moment_null("taken_at"))
        .col(json_binary("tables"))
        .col(text("error"))
        .foreign_key(&mut belongs_to("resource_id", "resources"))
        .take()
}
