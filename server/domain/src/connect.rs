//! Opening the database with the settings that both engines need.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

/// How long a statement waits for another process's write on SQLite, and anybody for a free connection.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that was used within this time is not tried before it is used again: trying costs as much as a query.
const FRESH: Duration = Duration::from_secs(1);

/// A connection that nobody needed for this long is closed: its thread, page cache and statements take memory.
const IDLE: Duration = Duration::from_mins(1);
/// PostgreSQL gives up waiting for a lock after this time: whoever waits is told to try again, and nothing stalls behind a
/// transaction that does not end.
const LOCK_TIMEOUT: &str = "10s";
/// PostgreSQL breaks off a statement after this time.
const STATEMENT_TIMEOUT: &str = "60s";
/// PostgreSQL ends a transaction in which nothing happens for this long: its process is gone or stuck.
const IDLE_TIMEOUT: &str = "60s";

/// Opens the database at `url` (`sqlite://…` or `postgres://…`) with at most `connections` connections.
///
/// SQLite: write-ahead log (readers never wait for the writer), foreign keys checked, `synchronous = normal`, which with
/// the write-ahead log loses at most the last commits on power failure and never corrupts. PostgreSQL: time-outs for locks,
/// statements and idle transactions.
pub async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = options(url, connections);
    options.map_sqlx_postgres_opts(|postgres| {
        postgres.options([
            ("lock_timeout", LOCK_TIMEOUT),
            ("statement_timeout", STATEMENT_TIMEOUT),
            ("idle_in_transaction_session_timeout", IDLE_TIMEOUT),
        ])
    });
    Database::connect(options).await
}

/// As [`connect`], with one connection and all the time in the world: for steps of the schema, which may move every row.
pub async fn connect_to_migrate(url: &str) -> Result<DatabaseConnection, DbErr> {
    Database::connect(options(url, 1)).await
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(2))
        .min_connections(1)
        .idle_timeout(IDLE)
        .acquire_timeout(TIMEOUT)
        .connect_timeout(TIMEOUT)
        .test_before_acquire_if_idle_for(FRESH)
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(TIMEOUT)
            .foreign_keys(true)
            .statement_cache_capacity(256)
    });
    options
}
