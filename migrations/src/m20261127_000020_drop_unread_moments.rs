//! Moments that nothing reads go: nobody could archive an organization or a project, and when something was published, decided,
//! found or told, the audit log says.

use sea_orm_migration::{prelude::*, schema::big_integer};

use crate::column::{moment, moment_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const DROPPED: [(&str, &str); 8] = [
    ("organizations", "archived_at"),
    ("projects", "archived_at"),
    ("offerings", "published_at"),
    ("orders", "decided_at"),
    ("billing_faults", "found_at"),
    ("resource_members", "told_at"),
    ("end_notices", "told_at"),
    ("sessions", "last_seen_at"),
];
/// What rows get that had such a moment and lose it on the way up.
const LONG_AGO: &str = "1970-01-01 00:00:00+00:00";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in DROPPED {
            let drop = Table::alter().table(table).drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in DROPPED {
            let add = Table::alter().table(table).add_column(restored(column)).take();
            manager.alter_table(add).await?;
        }
        Ok(())
    }
}

fn restored(column: &'static str) -> ColumnDef {
    match column {
        "last_seen_at" => big_integer(column).default(0).take(),
        "found_at" | "told_at" => moment(column).default(LONG_AGO).take(),
        _ => moment_null(column),
    }
}
