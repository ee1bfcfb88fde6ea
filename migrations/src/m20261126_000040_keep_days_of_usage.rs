//! Each event keeps the days on which it counts. They were worked out anew from the buyer's zone whenever an event was
//! corrected, and after the zone had moved more was taken off a day than had been put on it.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, QueryResult, StatementBuilder};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Rows per round.
const ROWS: u64 = 1_000;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter()
            .table("usage_events")
            .add_column(ColumnDef::new("days").json_binary().not_null().default("[]"))
            .take();
        manager.alter_table(column).await?;
        fill(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter().table("usage_events").drop_column("days").take();
        manager.alter_table(column).await
    }
}

/// The days of the events that are there, in the zone that their buyers had from the beginning: until now no other was known.
async fn fill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let mut last: Option<Uuid> = None;
    loop {
        let rows = db.query_all(&next_events(last)).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let id: Uuid = row.try_get("", "id")?;
            let update = Query::update()
                .table("usage_events")
                .value("days", days_of(&row)?)
                .and_where(Expr::col("id").eq(id))
                .take();
            execute(db, &update).await?;
            last = Some(id);
        }
    }
}

async fn execute<C: ConnectionTrait, S: StatementBuilder>(db: &C, statement: &S) -> Result<(), DbErr> {
    db.execute(statement).await.map(drop)
}

fn next_events(last: Option<Uuid>) -> SelectStatement {
    let mut query = Query::select();
    for column in ["id", "window_start", "window_end", "quantity"] {
        query.column(("usage_events", column));
    }
    query
        .column(("organizations", "zones"))
        .from("usage_events")
        .inner_join(
            "resources",
            Expr::col(("resources", "id")).equals(("usage_events", "resource_id")),
        )
        .inner_join(
            "organizations",
            Expr::col(("organizations", "id")).equals(("resources", "organization_id")),
        )
        .order_by(("usage_events", "id"), Order::Asc)
        .limit(ROWS);
    if let Some(last) = last {
        query.and_where(Expr::col(("usage_events", "id")).gt(last));
    }
    query
}

fn days_of(row: &QueryResult) -> Result<Json, DbErr> {
    let (from, until): (DateTime<Utc>, DateTime<Utc>) =
        (row.try_get("", "window_start")?, row.try_get("", "window_end")?);
    let quantity: i64 = row.try_get("", "quantity")?;
    let zones: Json = row.try_get("", "zones")?;
    let zone = zones
        .pointer("/0/name")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let zone: Tz = zone.parse().map_err(|_unknown| {
        DbErr::Migration(format!(
            "“{zone}” is no time zone; correct the organization first"
        ))
    })?;
    Ok(divided(zone, from, until, quantity))
}

/// As usage was divided when this step was written: in proportion to time, of what was reached by the end of each day.
fn divided(zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>, quantity: i64) -> Json {
    let length = i128::from((until - from).num_microseconds().unwrap_or(i64::MAX)).max(1);
    let mut parts = Vec::new();
    let (mut start, mut given) = (from, 0_i64);
    while start < until {
        let day = start.with_timezone(&zone).date_naive();
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        let end = std::cmp::min(start_of(zone, next), until);
        let elapsed = i128::from((end - from).num_microseconds().unwrap_or(i64::MAX));
        let reached =
            <i64 as TryFrom<i128>>::try_from(i128::from(quantity) * elapsed / length).unwrap_or(quantity);
        parts.push(json!([day, decimal(reached - given)]));
        if end <= start {
            break;
        }
        (start, given) = (end, reached);
    }
    Json::Array(parts)
}

fn start_of(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let mut quarters = (0..=12).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
    let first = quarters.find_map(|time| zone.from_local_datetime(&time).earliest());
    first.map_or_else(|| midnight.and_utc(), |first| first.with_timezone(&Utc))
}

/// A number of 10^-9 as text, without zeros at its end.
fn decimal(nanos: i64) -> String {
    let (whole, part) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let text = format!("{whole}.{part:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
