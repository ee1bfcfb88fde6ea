//! Terms that are paid up front, one row each: renewing adds one. So far a resource had one, from its activation to its
//! last day.

use chrono_tz::Tz;
use sea_orm_migration::{
    prelude::*,
    schema::{date, integer_null, json_binary, uuid},
    sea_orm::{
        self, ConnectionTrait, FromQueryResult,
        prelude::{Date, DateTimeUtc, Json, Uuid},
    },
};

use crate::column::{drop_tables, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_terms(manager).await?;
        add_months_to_orders(manager).await?;
        for row in present_terms(manager).await? {
            manager.execute(row).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter().table("orders").drop_column("term_months").take();
        manager.alter_table(drop).await?;
        drop_tables(manager, &["resource_terms"]).await
    }
}

async fn create_terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("resource_terms")
        .col(uuid("id").primary_key())
        .col(uuid("resource_id"))
        .col(uuid("order_id"))
        .col(date("term_from"))
        .col(date("term_until"))
        .col(json_binary("prices"))
        .foreign_key(&mut references("resource_id", "resources"))
        .foreign_key(&mut references("order_id", "orders"))
        .take();
    manager.create_table(table).await?;
    let one_begins = unique(
        "ux_resource_terms_resource_id_term_from",
        "resource_terms",
        &["resource_id", "term_from"],
    );
    manager.create_index(one_begins).await
}

async fn add_months_to_orders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let add = Table::alter()
        .table("orders")
        .add_column(integer_null("term_months"))
        .take();
    manager.alter_table(add).await
}

/// A resource with a last day and something that is paid up front.
#[derive(FromQueryResult)]
struct Prepaid {
    id: Uuid,
    order_id: Uuid,
    activated_at: DateTimeUtc,
    end_date: Date,
    zones: Json,
}

/// The one term that each such resource has had. Days are the buyer's, which no SQL of both engines can tell.
async fn present_terms(manager: &SchemaManager<'_>) -> Result<Vec<InsertStatement>, DbErr> {
    let prepaid = Query::select()
        .column("offering_id")
        .from("components")
        .and_where(Expr::col("prepaid").eq(true))
        .take();
    let select = Query::select()
        .columns([
            ("resources", "id"),
            ("resources", "order_id"),
            ("resources", "activated_at"),
            ("resources", "end_date"),
        ])
        .column(("organizations", "zones"))
        .from("resources")
        .inner_join(
            "organizations",
            Expr::col(("organizations", "id")).equals(("resources", "organization_id")),
        )
        .and_where(Expr::col(("resources", "activated_at")).is_not_null())
        .and_where(Expr::col(("resources", "end_date")).is_not_null())
        .and_where(Expr::col(("resources", "offering_id")).in_subquery(prepaid))
        .take();
    let db = manager.get_connection();
    let rows = Prepaid::find_by_statement(db.get_database_backend().build(&select))
        .all(db)
        .await?;
    rows.iter().map(term_of).collect()
}

fn term_of(row: &Prepaid) -> Result<InsertStatement, DbErr> {
    // A step ago it had one zone.
    let name = row.zones.pointer("/0/name").and_then(Json::as_str);
    let zone: Tz = name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC);
    let from = row.activated_at.with_timezone(&zone).date_naive();
    let until = Ord::max(row.end_date.succ_opt().unwrap_or(row.end_date), from);
    let mut insert = Query::insert();
    insert.into_table("resource_terms").columns([
        "id",
        "resource_id",
        "order_id",
        "term_from",
        "term_until",
        "prices",
    ]);
    // The one term of a resource can bear its id.
    let values = [
        Expr::value(row.id),
        Expr::value(row.id),
        Expr::value(row.order_id),
        Expr::value(from),
        Expr::value(until),
        Expr::cust("'{}'"),
    ];
    insert
        .values(values)
        .map_err(|fault| DbErr::Migration(fault.to_string()))?;
    Ok(insert)
}
