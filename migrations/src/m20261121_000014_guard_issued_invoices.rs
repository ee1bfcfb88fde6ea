//! What was issued never changes, whoever writes: corrections are lines of a later invoice. Only the state may go on
//! (to paid or canceled), so the issuing transaction writes the lines first and the state last.

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
            sqlite: include_str!("sql/guard_issued_invoices_up.sqlite.sql"),
            postgres: include_str!("sql/guard_issued_invoices_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/guard_issued_invoices_down.sqlite.sql"),
            postgres: include_str!("sql/guard_issued_invoices_down.postgres.sql"),
        };
        run(manager, sql).await
    }
}
