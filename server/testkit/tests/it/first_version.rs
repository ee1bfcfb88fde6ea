//! A database of the first version (schema 17, with the demo, its orders carried out, and months closed) comes up to date:
//! nothing that was issued looks different, the invariants hold, and the next month closes.

use std::{io::Read, sync::Arc};

use domain::{Actor, Operations, crypto::Cipher};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use testkit::{Engine, FakeClock, Fixture, TestDb, both_engines};

/// What `sqlite3 .dump` and `pg_dump --inserts` said of it.
const SQLITE: &[u8] = include_bytes!("first_version/sqlite.sql.gz");
const POSTGRES: &[u8] = include_bytes!("first_version/postgres.sql.gz");

/// When it was left.
const THEN: &str = "2026-11-21T12:00:00Z";

/// What is printed of a document, line by line, and its PDF.
const PRINTED: [&str; 3] = [
    "select number, month, currency, seller, buyer, tax_percent, reverse_charge, issued_on, due_on, net, tax, taxes, total
     from invoices where number is not null order by number",
    "select number, position, resource_name, project_name, component, description, quantity, unit, unit_price, amount,
     from_day, until_day, price_version, derivation
     from invoice_items join invoices on invoices.id = invoice_id where number is not null order by number, position",
    "select number, sha256, length(bytes) as bytes
     from invoice_pdfs join invoices on invoices.id = invoice_id where number is not null order by number",
];

struct FirstVersion(TestDb);

impl Fixture for FirstVersion {
    async fn on(engine: Engine) -> Self {
        let db = TestDb::empty(engine).await;
        let packed = match engine {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let mut dump = String::new();
        flate2::read::GzDecoder::new(packed)
            .read_to_string(&mut dump)
            .unwrap();
        // One connection: what a dump sets counts for the connection that reads it.
        let connection = domain::connect::connect(db.url(), 1).await.unwrap();
        connection.execute_unprepared(&dump).await.unwrap();
        connection.close().await.unwrap();
        Self(db)
    }
}

/// Every row as text.
async fn printed(db: &DatabaseConnection) -> Vec<String> {
    let mut rows = Vec::new();
    for query in PRINTED {
        let sql = match db.get_database_backend() {
            DbBackend::Postgres => format!("select row_to_json(printed)::text as row from ({query}) printed"),
            _ => sqlite_rows(query),
        };
        let found = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .unwrap();
        rows.extend(found.iter().map(|row| row.try_get::<String>("", "row").unwrap()));
    }
    rows
}

fn sqlite_rows(query: &str) -> String {
    let columns = query
        .trim_start_matches("select ")
        .split(" from ")
        .next()
        .unwrap();
    let columns = columns.split("\n     from ").next().unwrap();
    let columns = columns.replace("length(bytes) as ", "");
    let names: Vec<&str> = columns.split(',').map(str::trim).collect();
    format!("select json_array({}) as row from ({query})", names.join(", "))
}

both_engines! {
    async fn a_database_of_the_first_version_comes_up_to_date_and_no_document_changes(first: FirstVersion) {
        let db = first.0.connection();
        let before = printed(db).await;
        assert!(before.len() > 20, "documents, lines and files: {before:?}");
        Migrator::up(db, None).await.unwrap();
        assert_eq!(printed(db).await, before);
        let clock = FakeClock::at(THEN);
        let cipher = Cipher::new("the secret of a test");
        let operations = Operations::new(db.clone(), Arc::new(clock.clone()), cipher);
        assert_eq!(operations.verify().run().await.unwrap(), []);
        clock.set("2026-12-05T12:00:00Z");
        let closed = operations.domain().billing().close(&Actor::system(), "2026-11".parse().unwrap()).await.unwrap();
        assert_eq!(closed.failed, []);
        assert_eq!(closed.issued.len(), 4, "the drafts of then become documents: {:#?}", closed.issued);
        let after = printed(db).await;
        assert!(before.iter().all(|row| after.contains(row)), "and nothing that was issued looks different");
        assert_eq!(operations.verify().run().await.unwrap(), []);
    }
}
