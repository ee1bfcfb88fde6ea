//! `PostgreSQL` only: a new job wakes the workers that listen on channel `stoa_jobs`. Without it they would wait for
//! their next look at the queue, which is how workers on `SQLite` find out.

use sea_orm_migration::prelude::*;

use crate::engine::{Dialects, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: "",
            postgres: include_str!("sql/notify_workers_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: "",
            postgres: include_str!("sql/notify_workers_down.postgres.sql"),
        };
        run(manager, sql).await
    }
}
