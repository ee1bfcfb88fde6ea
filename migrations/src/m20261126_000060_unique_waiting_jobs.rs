//! Jobs are unique among those that wait, run one after another where they share a serial key, and are made on schedules
//! that are rows. What only housekeeping left behind goes.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text, text_null},
    sea_orm::{
        ConnectionTrait, QueryResult,
        prelude::{Json, Uuid},
    },
};

use crate::column::{drop_tables, index, moment, moment_null, unique};
use crate::engine::{Dialects, run};

/// Kinds whose rows say nothing once they are done, and that are made again by their schedule.
const HOUSEKEEPING: [&str; 5] = [
    "sweep",
    "expire_orders",
    "accrue_open",
    "schedule_usage",
    "collect_usage",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        forget_housekeeping(manager).await?;
        rename_key(manager, "dedup_key", "unique_key", &["queued"]).await?;
        let serial = Table::alter()
            .table("jobs")
            .add_column(text_null("serial_key"))
            .take();
        manager.alter_table(serial).await?;
        name_turns(manager).await?;
        let dead = index("ix_jobs_dead_unique_key", "jobs", &["unique_key"])
            .and_where(Expr::col("state").eq("dead"))
            .take();
        manager.create_index(dead).await?;
        let sql = Dialects {
            sqlite: "",
            postgres: "alter table jobs alter column run_at set default clock_timestamp()",
        };
        run(manager, sql).await?;
        create_schedules(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["schedules"]).await?;
        forget_housekeeping(manager).await?;
        // Of a job that runs and one that waits for the same, the older step knows only one.
        manager
            .get_connection()
            .execute_unprepared(
                "delete from jobs where state = 'queued' and unique_key in \
                 (select unique_key from jobs where state = 'leased' and unique_key is not null)",
            )
            .await?;
        let sql = Dialects {
            sqlite: "",
            postgres: "alter table jobs alter column run_at drop default",
        };
        run(manager, sql).await?;
        let dead = Index::drop()
            .name("ix_jobs_dead_unique_key")
            .table("jobs")
            .to_owned();
        manager.drop_index(dead).await?;
        let serial = Table::alter().table("jobs").drop_column("serial_key").take();
        manager.alter_table(serial).await?;
        rename_key(manager, "unique_key", "dedup_key", &["queued", "leased"]).await
    }
}

/// The key that is unique among the jobs in these states gets another name.
async fn rename_key(
    manager: &SchemaManager<'_>,
    from: &'static str,
    to: &'static str,
    states: &[&'static str],
) -> Result<(), DbErr> {
    let old = Index::drop()
        .name(format!("ux_jobs_pending_{from}"))
        .table("jobs")
        .to_owned();
    manager.drop_index(old).await?;
    let rename = Table::alter().table("jobs").rename_column(from, to).take();
    manager.alter_table(rename).await?;
    let mut once = unique("ux_jobs_pending", "jobs", &[to]);
    once.name(format!("ux_jobs_pending_{to}"));
    let once = match states {
        [state] => once.and_where(Expr::col("state").eq(*state)).take(),
        _ => once
            .and_where(Expr::col("state").is_in(states.iter().copied()))
            .take(),
    };
    manager.create_index(once).await
}

/// What was done long ago, and what waits: the schedules make it anew.
async fn forget_housekeeping(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let over = Query::delete()
        .from_table("jobs")
        .and_where(Expr::col("kind").is_in(HOUSEKEEPING))
        .and_where(Expr::col("state").ne("dead"))
        .take();
    manager.get_connection().execute(&over).await?;
    Ok(())
}

/// Jobs that change one resource on its backend take turns: those of its orders and of its members. The former did not say
/// which resource they are about.
async fn name_turns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let waiting = Query::select()
        .columns(["id", "kind", "payload"])
        .from("jobs")
        .and_where(Expr::col("kind").is_in(["provision_order", "sync_members"]))
        .and_where(Expr::col("state").ne("done"))
        .take();
    for job in db.query_all(&waiting).await? {
        name_turn(db, &job).await?;
    }
    Ok(())
}

async fn name_turn<C: ConnectionTrait>(db: &C, job: &QueryResult) -> Result<(), DbErr> {
    let (id, mut payload): (Uuid, Json) = (job.try_get("", "id")?, job.try_get("", "payload")?);
    let named = |payload: &Json, key: &str| payload.get(key)?.as_str()?.parse::<Uuid>().ok();
    let resource = match named(&payload, "order_id") {
        Some(order) => {
            let about = Query::select()
                .column("resource_id")
                .from("orders")
                .and_where(Expr::col("id").eq(order))
                .take();
            let row = db.query_one(&about).await?;
            row.and_then(|row| row.try_get::<Option<Uuid>>("", "resource_id").ok()?)
        }
        None => named(&payload, "resource_id"),
    };
    let Some(resource) = resource else { return Ok(()) };
    if let Some(fields) = payload.as_object_mut() {
        fields.insert("resource_id".to_owned(), Json::String(resource.to_string()));
    }
    let update = Query::update()
        .table("jobs")
        .value("payload", payload)
        .value("serial_key", format!("resource {resource}"))
        .and_where(Expr::col("id").eq(id))
        .take();
    db.execute(&update).await?;
    Ok(())
}

async fn create_schedules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("schedules")
        .col(text("name").primary_key())
        .col(big_integer("every_seconds"))
        .col(moment_null("last_at"))
        .col(moment("next_at"))
        .take();
    manager.create_table(table).await
}
