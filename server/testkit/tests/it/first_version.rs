//! What people have in a database of the first version that was in use (schema 17, its demo content, closed months
//! included) comes through every later migration: no issued document differs, and the check of the invariants is silent.
//!
//! `first_version/*.sql` are that version's own dumps of both engines; they are never made anew.

use chrono::{DateTime, Utc};
use domain::{Cipher, Operations};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::sync::Arc;
use testkit::{Engine, FakeClock, Fixture, TestDb, both_engines};

/// When the dumps were made.
const MADE: &str = include_str!("first_version/made_at.txt");

/// Everything that is printed of a document, line by line.
const DOCUMENTS: [&str; 20] = [
    "i.number",
    "i.month",
    "i.seller",
    "i.buyer",
    "i.issued_on",
    "i.due_on",
    "i.net",
    "i.tax",
    "i.total",
    "l.position",
    "l.resource_name",
    "l.project_name",
    "l.description",
    "l.quantity",
    "l.unit",
    "l.unit_price",
    "l.amount",
    "l.from_day",
    "l.until_day",
    "l.price_version",
];

/// A database as the first version left it.
struct FirstVersion(TestDb);

impl Fixture for FirstVersion {
    async fn on(engine: Engine) -> Self {
        let db = TestDb::empty(engine).await;
        let dump = match engine {
            Engine::Sqlite => include_str!("first_version/sqlite.sql"),
            Engine::Postgres => include_str!("first_version/postgres.sql"),
        };
        db.connection().execute_unprepared(dump).await.unwrap();
        Self(db)
    }
}

async fn documents(db: &DatabaseConnection) -> Vec<Vec<Option<String>>> {
    let columns = DOCUMENTS
        .map(|column| format!("cast({column} as text)"))
        .join(", ");
    let sql = format!(
        "select {columns} from invoices i join invoice_items l on l.invoice_id = i.id \
         where i.number is not null order by i.number, l.position"
    );
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            (0..DOCUMENTS.len())
                .map(|at| row.try_get_by_index(at).unwrap())
                .collect()
        })
        .collect()
}

async fn count(db: &DatabaseConnection, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

fn operations(db: &TestDb) -> Operations {
    let made: DateTime<Utc> = MADE.trim().parse().unwrap();
    Operations::new(
        db.connection().clone(),
        Arc::new(FakeClock::at(&made.to_rfc3339())),
        Cipher::new("the secret of a test"),
    )
}

both_engines! {
    async fn a_database_of_the_first_version_comes_through_whole(first: FirstVersion) {
        let FirstVersion(db) = first;
        let steps = Migrator::get_pending_migrations(db.connection()).await.unwrap().len();
        assert_eq!(Migrator::migrations().len() - steps, 17, "the dump holds the first schema");
        let before = documents(db.connection()).await;
        let numbers: std::collections::BTreeSet<_> = before.iter().map(|line| &line[0]).collect();
        assert!(numbers.len() >= 10, "{} documents were issued", numbers.len());
        let kept = ["users", "orders", "resources", "usage_events", "audit_events", "plans"];
        let mut rows = Vec::new();
        for table in kept {
            rows.push((table, count(db.connection(), table).await));
        }

        Migrator::up(db.connection(), None).await.unwrap();
        assert_eq!(documents(db.connection()).await, before);
        for (table, number) in rows {
            // What was a person called Stoa is nobody.
            let gone = i64::from(table == "users");
            let now = count(db.connection(), table).await;
            assert!((number - gone..=number).contains(&now), "{table}: {number} rows were {now}");
        }
        let findings = operations(&db).verify().run().await.unwrap();
        assert!(findings.is_empty(), "{findings:#?}");
        if db.connection().get_database_backend() == DbBackend::Sqlite {
            let broken = Statement::from_string(DbBackend::Sqlite, "pragma foreign_key_check");
            assert!(db.connection().query_all_raw(broken).await.unwrap().is_empty());
        }
    }
}
