//! Steps that the two engines spell differently, each in its own `.sql` file.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The same step in both dialects; empty where an engine has nothing to do.
pub(crate) struct Dialects {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// Runs the statements for the engine at hand.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: Dialects) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DbBackend::Sqlite => sql.sqlite,
        DbBackend::Postgres => sql.postgres,
        other => {
            return Err(DbErr::Migration(format!(
                "{other:?} is not supported: use SQLite or PostgreSQL"
            )));
        }
    };
    if !statements.is_empty() {
        manager.get_connection().execute_unprepared(statements).await?;
    }
    Ok(())
}
