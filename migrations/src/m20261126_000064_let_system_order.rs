//! What the system orders was placed by nobody, instead of by a person who is none.
//! `SQLite` cannot take a NOT NULL away from a column; as its documentation advises, the text of the table's definition is
//! changed, and a table that is made and dropped has every connection read it again.

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
            sqlite: include_str!("sql/let_system_order_up.sqlite.sql"),
            postgres: include_str!("sql/let_system_order_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/let_system_order_down.sqlite.sql"),
            postgres: include_str!("sql/let_system_order_down.postgres.sql"),
        };
        run(manager, sql).await
    }
}
