//! Opening the database with the settings that both engines need.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{ConnectOptions as _, Connection as _};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr, SqlxError};

/// How long a statement waits for another process's write on SQLite, and anybody for a free connection.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that was used within this time is not tried before it is used again: trying costs as much as a query.
const FRESH: Duration = Duration::from_secs(1);

/// A connection that nobody needed for this long is closed when its turn comes: its thread, page cache and statements take memory.
const IDLE: Duration = Duration::from_mins(1);
/// No connection is older: what servers keep for one grows with what was asked of it.
const LIFETIME: Duration = Duration::from_mins(30);
/// PostgreSQL gives up waiting for a lock after this time: whoever waits is told to try again, and nothing stalls behind a
/// transaction that does not end.
const LOCK_TIMEOUT: &str = "10s";
/// PostgreSQL breaks off a statement after this time.
const STATEMENT_TIMEOUT: &str = "60s";
/// PostgreSQL ends a transaction in which nothing happens for this long: its process is gone or stuck.
const IDLE_TIMEOUT: &str = "60s";

/// Opens the database at `url` (`sqlite://…` or `postgres://…`) with at most `connections` connections. Where no server
/// answers, the error says why: refused, no such host, no answer.
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
    open(url, options).await
}

/// As [`connect`], with one connection and all the time in the world: for steps of the schema, which may move every row.
pub async fn connect_to_migrate(url: &str) -> Result<DatabaseConnection, DbErr> {
    open(url, options(url, 1)).await
}

/// Whether what goes to the PostgreSQL server at `url` stays on this machine, or goes encrypted to a server that has shown a
/// certificate for its name: all the data goes there, and a password first. True also of an address that cannot be read:
/// connecting says what is wrong with it.
pub fn is_protected(url: &str) -> bool {
    // As the driver reads it, with the variables that it looks at besides.
    let Ok(options) = PgConnectOptions::from_str(url) else {
        return true;
    };
    let host = options.get_host().trim_matches(['[', ']']);
    let is_loopback = |host: &str| host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_here =
        options.get_socket().is_some() || host.starts_with('/') || host == "localhost" || is_loopback(host);
    is_here || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull)
}

/// Where the pool waited in vain for a server, the error says what a single connection meets: the pool knows only that it
/// waited.
async fn open(url: &str, options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    match Database::connect(options).await {
        Err(error) if url.starts_with("postgres") && timed_out(&error) => Err(cause(url).await),
        answer => answer,
    }
}

fn timed_out(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error)) => matches!(**error, SqlxError::PoolTimedOut),
        _ => false,
    }
}

async fn cause(url: &str) -> DbErr {
    let single = async { PgConnectOptions::from_str(url)?.connect().await };
    let met = match tokio::time::timeout(TIMEOUT, single).await {
        Ok(Err(error)) => error,
        Ok(Ok(_)) => SqlxError::PoolTimedOut,
        Err(_) => SqlxError::Io(std::io::Error::new(
            std::io::ErrorKind::TimedOut,
            format!("no answer within {} seconds", TIMEOUT.as_secs()),
        )),
    };
    DbErr::Conn(RuntimeErr::SqlxError(met.into()))
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(2))
        .min_connections(1)
        // The pool's own task for both can go round without end: the count of idle connections that it reads is for a moment
        // below zero, which is very many, where one is given back and taken at once. So each is looked at when it is taken.
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
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
    options.map_sqlx_sqlite_before_acquire(|_, connection| {
        Box::pin(async move { Ok(is_kept(connection.idle_for, connection.age)) })
    });
    options.map_sqlx_postgres_before_acquire(|_, connection| {
        Box::pin(async move { Ok(is_kept(connection.idle_for, connection.age)) })
    });
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                // SQLite undoes a transaction by itself where the disk is full or cannot be read. The driver still counts it, and
                // all that follows on this connection would be parts of a transaction that nobody ever commits.
                if connection.is_in_transaction() {
                    // Answered only after what was asked before it: a rollback that nobody waited for is over by then.
                    connection.ping().await?;
                }
                Ok(!connection.is_in_transaction())
            })
        })
    });
    options
}

/// Whether a connection is used again; another is opened in its place where none is left.
fn is_kept(idle_for: Duration, age: Duration) -> bool {
    idle_for < IDLE && age < LIFETIME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_that_can_go_round_without_end_is_not_started() {
        let options = options("sqlite::memory:", 4);
        let timers = (options.get_idle_timeout(), options.get_max_lifetime());
        assert_eq!(timers, (Some(None), Some(None)));
        let (now, before) = (Duration::ZERO, |limit: Duration| {
            limit.saturating_sub(Duration::from_millis(1))
        });
        assert!(is_kept(before(IDLE), before(LIFETIME)));
        assert!(!is_kept(IDLE, now) && !is_kept(now, LIFETIME));
    }

    #[test]
    fn beyond_this_machine_the_server_must_show_a_certificate_for_its_name() {
        for protected in [
            "postgres://u:p@localhost/d",
            "postgres://u@127.0.0.1:5433/d",
            "postgres://u@[::1]/d",
            "postgres://u@%2Frun%2Fpostgresql/d",
            "postgres://u@db.example/d?sslmode=verify-full",
            "postgres://u@db.example/d?host=/run/postgresql",
            "postgres://u@db.example/d?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        ] {
            assert!(is_protected(protected), "{protected}");
        }
        for open in [
            "postgres://u@db.example/d",
            "postgres://u@192.0.2.1/d",
            "postgres://u@[2001:db8::1]/d",
            "postgres://u@db.example/d?sslmode=prefer",
            "postgres://u@db.example/d?sslmode=require",
            "postgres://u@db.example/d?sslmode=verify-ca",
            "postgres://u@localhost/d?host=db.example",
            "postgres://u@localhost.example/d",
        ] {
            assert!(!is_protected(open), "{open}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_as_such() {
        let url = "postgres://stoa:hunter22@127.0.0.1:1/stoa";
        let (serving, migrating) = tokio::join!(connect(url, 2), connect_to_migrate(url));
        for error in [serving.unwrap_err(), migrating.unwrap_err()] {
            let told = format!("{error:?} {error}");
            assert!(told.contains("refused"), "{told}");
            assert!(!told.contains("hunter22"), "{told}");
        }
    }
}
