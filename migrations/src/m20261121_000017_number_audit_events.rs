//! What happened to one thing has an order of its own, whatever the clocks of the processes that wrote it say.

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
            sqlite: include_str!("sql/number_audit_events_up.sqlite.sql"),
            postgres: include_str!("sql/number_audit_events_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/number_audit_events_down.sqlite.sql"),
            postgres: include_str!("sql/number_audit_events_down.postgres.sql"),
        };
        run(manager, sql).await
    }
}
