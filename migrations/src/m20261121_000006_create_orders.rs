//! Orders and the decisions on them.
//! Orders and resources name each other. `SQLite` cannot add a foreign key later but accepts one to a table that is yet to
//! come; `PostgreSQL` is the other way round. So the key on `resource_id` is made here for one and in the next step for the other.

use sea_orm_migration::{
    prelude::*,
    schema::{blob_null, date_null, integer_null, json_binary, json_binary_null, text, uuid, uuid_null},
    sea_orm::DbBackend,
};

use crate::column::{drop_tables, fixed, index, moment, moment_null, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_orders(manager).await?;
        create_order_decisions(manager).await?;
        index_orders(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["order_decisions", "orders"]).await
    }
}

async fn create_orders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create()
        .table("orders")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(text("state"))
        .col(uuid("project_id"))
        .col(uuid("organization_id"))
        .col(uuid("offering_id"))
        .col(uuid("provider_id"))
        .col(uuid("plan_id"))
        .col(uuid_null("resource_id"))
        .col(text("resource_name"))
        .col(json_binary("limits"))
        .col(json_binary("limits_before"))
        .col(json_binary("attributes"))
        .col(blob_null("secrets"))
        .col(date_null("end_date"))
        .col(date_null("start_date"))
        .col(json_binary_null("quote"))
        .col(fixed("monthly_cost"))
        .col(fixed("first_invoice_cost"))
        .col(text("currency"))
        .col(integer_null("accepted_terms"))
        .col(uuid("requested_by"))
        .col(moment("created_at"))
        .col(moment("updated_at"))
        .col(moment_null("waiting_since"))
        .col(moment_null("decided_at"))
        .col(moment_null("finished_at"))
        .col(moment_null("expires_at"))
        .col(text("error"))
        .col(json_binary("progress"))
        .col(text("trace_id"))
        .foreign_key(&mut references("project_id", "projects"))
        .foreign_key(&mut references("organization_id", "organizations"))
        .foreign_key(&mut references("offering_id", "offerings"))
        .foreign_key(&mut references("provider_id", "organizations"))
        .foreign_key(&mut references("plan_id", "plans"))
        .foreign_key(&mut references("requested_by", "users"))
        .take();
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.foreign_key(&mut references("resource_id", "resources"));
    }
    manager.create_table(table).await
}

async fn create_order_decisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("order_decisions")
        .col(uuid("id").primary_key())
        .col(uuid("order_id"))
        .col(text("side"))
        .col(text("verdict"))
        .col(uuid_null("user_id"))
        .col(text("rule"))
        .col(text("comment"))
        .col(moment("created_at"))
        .foreign_key(&mut references("order_id", "orders"))
        .foreign_key(&mut references("user_id", "users"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index(
            "ix_order_decisions_order_id",
            "order_decisions",
            &["order_id"],
        ))
        .await
}

async fn index_orders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for index in [
        index("ix_orders_state", "orders", &["state"]),
        index(
            "ix_orders_project_id_created_at",
            "orders",
            &["project_id", "created_at"],
        ),
        index(
            "ix_orders_organization_id_state",
            "orders",
            &["organization_id", "state"],
        ),
        index("ix_orders_provider_id_state", "orders", &["provider_id", "state"]),
        index("ix_orders_resource_id", "orders", &["resource_id"]),
        index("ix_orders_offering_id", "orders", &["offering_id"]),
        one_open_order_per_resource(),
    ] {
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Two changes of one resource at the same time would undo each other. A failed creation does not count:
/// its resource can still be terminated.
fn one_open_order_per_resource() -> IndexCreateStatement {
    let open = [
        "draft",
        "pending_consumer",
        "pending_provider",
        "pending_start",
        "executing",
    ];
    unique("ux_orders_open_resource_id", "orders", &["resource_id"])
        .cond_where(
            Condition::any()
                .add(Expr::col("state").is_in(open))
                .add(Expr::col("state").eq("erred").and(Expr::col("kind").ne("create"))),
        )
        .take()
}
