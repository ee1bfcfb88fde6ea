//! The queue of background jobs.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, json_binary, text, text_null, uuid},
};

use crate::column::{drop_tables, index, moment, moment_null, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_jobs(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["jobs"]).await
    }
}

async fn create_jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("jobs")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(json_binary("payload"))
        .col(text("subject"))
        .col(text("state"))
        .col(moment("run_at"))
        .col(integer("attempts"))
        .col(integer("max_attempts"))
        .col(text_null("leased_by"))
        .col(moment_null("leased_until"))
        .col(text("last_error"))
        .col(text_null("dedup_key"))
        .col(text("backend_key"))
        .col(text("trace_id"))
        .col(moment("created_at"))
        .col(moment_null("finished_at"))
        .take();
    manager.create_table(table).await?;
    // Leasing walks the due jobs in order and stops at the first that may run; the index holds all it looks at.
    let leasing = ["state", "run_at", "id", "kind", "backend_key"];
    manager
        .create_index(index("ix_jobs_state_run_at", "jobs", &leasing))
        .await?;
    manager
        .create_index(index("ix_jobs_subject", "jobs", &["subject"]))
        .await?;
    let pending_once = unique("ux_jobs_pending_dedup_key", "jobs", &["dedup_key"])
        .and_where(Expr::col("state").is_in(["queued", "leased"]))
        .take();
    manager.create_index(pending_once).await
}
