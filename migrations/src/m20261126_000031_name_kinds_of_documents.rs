//! A document in the buyer's favour is a credit note, what an organization sells to itself is internal cost, and an
//! invoice says what the buyer's account paid of it. Documents that were issued keep what they were. Paid and canceled
//! were states that nothing could reach.

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
            sqlite: include_str!("sql/name_kinds_of_documents_up.sqlite.sql"),
            postgres: include_str!("sql/name_kinds_of_documents_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/name_kinds_of_documents_down.sqlite.sql"),
            postgres: include_str!("sql/name_kinds_of_documents_down.postgres.sql"),
        };
        run(manager, sql).await
    }
}
