//! Opening the database: on PostgreSQL nothing waits without end, and whoever waited in vain is told to try again.

use domain::DomainError;
use domain::connect::{connect, connect_to_migrate};
use model::Kind;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use testkit::{Engine, World, run};

async fn setting(db: &DatabaseConnection, name: &str) -> String {
    let question = Statement::from_string(DbBackend::Postgres, format!("SHOW {name}"));
    let row = db.query_one_raw(question).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

const TIME_OUTS: [&str; 3] = [
    "lock_timeout",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
];

#[test]
fn postgres_gives_up_waiting_except_while_the_schema_is_changed() {
    run(Engine::Postgres, async |world: World| {
        let migrating = connect_to_migrate(world.url()).await.unwrap();
        for (name, serving) in TIME_OUTS.into_iter().zip(["10s", "1min", "1min"]) {
            assert_eq!(setting(world.db(), name).await, serving, "{name}");
            assert_eq!(setting(&migrating, name).await, "0", "{name} of a migration");
        }
        migrating.close().await.unwrap();
    });
}

#[test]
fn who_waits_for_a_lock_in_vain_is_told_to_try_again() {
    run(Engine::Postgres, async |world: World| {
        let (one, two) = (
            world.db().begin().await.unwrap(),
            world.db().begin().await.unwrap(),
        );
        one.execute_unprepared("LOCK TABLE offerings").await.unwrap();
        two.execute_unprepared("SET LOCAL lock_timeout = '20ms'")
            .await
            .unwrap();
        let error = two.execute_unprepared("LOCK TABLE offerings").await.unwrap_err();
        let problem = DomainError::from(error).problem();
        assert_eq!(
            (problem.kind, problem.code.as_ref()),
            (Kind::Unavailable, "database_unavailable")
        );
    });
}

#[test]
fn a_server_that_shows_no_certificate_of_a_known_authority_is_refused_where_one_is_asked_for() {
    run(Engine::Postgres, async |world: World| {
        let sign = if world.url().contains('?') { '&' } else { '?' };
        let url = format!("{}{sign}sslmode=verify-full", world.url());
        let told = connect(&url, 2).await.unwrap_err().to_string().to_lowercase();
        assert!(told.contains("tls") || told.contains("certificate"), "{told}");
    });
}

/// Numbers that a connection of its own sees.
async fn seen(world: &World) -> usize {
    let other = connect(world.url(), 2).await.unwrap();
    let question = Statement::from_string(DbBackend::Sqlite, "SELECT n FROM kept");
    let rows = other.query_all_raw(question).await.unwrap();
    other.close().await.unwrap();
    rows.len()
}

#[test]
fn after_a_full_disk_what_is_answered_is_kept() {
    run(Engine::Sqlite, async |world: World| {
        let db = world.db();
        db.execute_unprepared("CREATE TABLE kept (n INTEGER, text TEXT)")
            .await
            .unwrap();
        for _ in 0..4 {
            let tx = db.begin().await.unwrap();
            // No more room than is used: SQLite undoes the transaction by itself.
            tx.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
            let full = "INSERT INTO kept VALUES (0, hex(randomblob(2000000)))";
            let error = tx.execute_unprepared(full).await.unwrap_err();
            assert_eq!(DomainError::from(error).problem().code, "database_full");
            drop(tx.rollback().await);
        }
        for number in 1..=4 {
            let tx = db.begin().await.unwrap();
            let insert = format!("INSERT INTO kept VALUES ({number}, '')");
            tx.execute_unprepared(&insert).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(
                seen(&world).await,
                number,
                "another connection sees what was committed"
            );
        }
    });
}
