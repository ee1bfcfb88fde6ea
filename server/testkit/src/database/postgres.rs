//! PostgreSQL: a database of its own on the server that `STOA_TEST_POSTGRES` names, cloned from a template that is
//! migrated once per schema.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database as Sea, DatabaseConnection, DbErr};

use super::{SCHEMA_HASH, Storage, block_on, migrate};

/// Any number that nothing else on the server locks: test processes take turns in making the template.
const TEMPLATE_LOCK: i64 = 0x5354_4f41;

/// A database that is dropped with this value.
pub(crate) struct Database {
    name: String,
}

/// Whether the environment says that tests on SQLite are enough.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by their environment where the databases are"
)]
pub(crate) fn is_waived() -> bool {
    env::var("STOA_TEST_SQLITE_ONLY").is_ok_and(|value| value == "1")
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by their environment where the databases are"
)]
fn server_url() -> String {
    env::var("STOA_TEST_POSTGRES").unwrap_or_else(|_unset| {
        panic!(
            "tests run on PostgreSQL too: set STOA_TEST_POSTGRES=postgres://user:password@host/postgres \
             (a role that may create databases), or STOA_TEST_SQLITE_ONLY=1 to leave it out"
        )
    })
}

pub(super) async fn empty() -> (String, Storage) {
    create("template0").await
}

pub(super) async fn migrated() -> (String, Storage) {
    let template = format!("stoa_template_{SCHEMA_HASH}");
    make_template(&template).await.expect("the template database");
    create(&template).await
}

async fn create(template: &str) -> (String, Storage) {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "stoa_test_{}_{}",
        std::process::id(),
        MADE.fetch_add(1, Ordering::Relaxed)
    );
    let server = server().await.expect("PostgreSQL answers");
    run(&server, &format!("drop database if exists {name} with (force)"))
        .await
        .expect("a free name");
    run(&server, &format!("create database {name} template {template}"))
        .await
        .expect("the test's database");
    server.close().await.expect("PostgreSQL lets go");
    (
        database_url(&name),
        Storage::Postgres {
            _database: Database { name },
        },
    )
}

impl Drop for Database {
    fn drop(&mut self) {
        let dropped = block_on(async {
            let server = server().await?;
            run(
                &server,
                &format!("drop database if exists {} with (force)", self.name),
            )
            .await?;
            server.close().await
        });
        if let Err(fault) = dropped {
            eprintln!("the test's database {} stays behind: {fault}", self.name);
        }
    }
}

/// Made under another name and renamed when it is whole, so that a killed test run leaves no half template.
async fn make_template(name: &str) -> Result<(), DbErr> {
    let server = server().await?;
    run(&server, &format!("select pg_advisory_lock({TEMPLATE_LOCK})")).await?;
    if !exists(&server, name).await? {
        let unfinished = format!("{name}_unfinished");
        run(
            &server,
            &format!("drop database if exists {unfinished} with (force)"),
        )
        .await?;
        run(
            &server,
            &format!("create database {unfinished} template template0"),
        )
        .await?;
        migrate(&database_url(&unfinished)).await;
        run(&server, &format!("alter database {unfinished} rename to {name}")).await?;
    }
    server.close().await
}

/// One connection, because the advisory lock belongs to it and goes when it closes.
async fn server() -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(server_url());
    // Without the pool's own task: see `domain::connect`.
    options
        .max_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false);
    Sea::connect(options).await
}

async fn run(server: &DatabaseConnection, sql: &str) -> Result<(), DbErr> {
    server.execute_unprepared(sql).await.map(drop)
}

async fn exists(server: &DatabaseConnection, name: &str) -> Result<bool, DbErr> {
    let sql = format!("select 1 from pg_database where datname = '{name}'");
    let row = server
        .query_one_raw(sea_orm::Statement::from_string(
            server.get_database_backend(),
            sql,
        ))
        .await?;
    Ok(row.is_some())
}

/// The server's address with another database: `postgres://user@host:port/NAME?options`.
fn database_url(name: &str) -> String {
    let server = server_url();
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server.as_str(), String::new()),
    };
    let (scheme, rest) = address.split_once("://").expect("STOA_TEST_POSTGRES is a URL");
    let host = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{host}/{name}{options}")
}
