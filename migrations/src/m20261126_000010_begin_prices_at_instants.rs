//! Prices begin at an instant instead of a day, and say for which period they are.
//! What was in force stays in force: the first price of a component counted from the beginning, so it begins with its
//! plan; later ones began with a day of the buyer, wherever the buyer was, so they begin at noon of that day in UTC,
//! which is on that day nearly everywhere. `SQLite` cannot add a column that must be filled without a default.

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
            sqlite: include_str!("sql/begin_prices_at_instants_up.sqlite.sql"),
            postgres: include_str!("sql/begin_prices_at_instants_up.postgres.sql"),
        };
        run(manager, sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Dialects {
            sqlite: include_str!("sql/begin_prices_at_instants_down.sqlite.sql"),
            postgres: include_str!("sql/begin_prices_at_instants_down.postgres.sql"),
        };
        run(manager, sql).await
    }
}
