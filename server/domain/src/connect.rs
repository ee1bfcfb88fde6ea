//! Opening the database with the settings that both engines need.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

/// How long a statement waits for another process's write on SQLite, and anybody for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// A connection that was used within this time is not tried before it is used again: trying costs as much as a query.
const FRESH: Duration = Duration::from_secs(1);

/// Opens the database at `url` (`sqlite://…` or `postgres://…`) with at most `connections` connections.
///
/// SQLite: write-ahead log (readers never wait for the writer), foreign keys checked, `synchronous = normal`, which with
/// the write-ahead log loses at most the last commits on power failure and never corrupts.
pub async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(2))
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .test_before_acquire_if_idle_for(FRESH)
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            .statement_cache_capacity(256)
    });
    Database::connect(options).await
}
