//! `PostgreSQL` wakes the workers of every process when jobs are committed.

use std::time::Duration;

use sea_orm::TransactionTrait;
use sea_orm::sqlx::postgres::PgListener;
use testkit::{Engine, TestDb};
use tokio::time::timeout;

use crate::rows::insert_job;

const SOON: Duration = Duration::from_secs(5);
const NEVER: Duration = Duration::from_millis(100);

#[test]
fn a_committed_job_wakes_the_workers_and_an_undone_one_does_not() {
    testkit::run(Engine::Postgres, |db: TestDb| async move {
        let mut listener = PgListener::connect(db.url()).await.unwrap();
        listener.listen("stoa_jobs").await.unwrap();

        let undone = db.connection().begin().await.unwrap();
        insert_job(&undone, 1).await;
        undone.rollback().await.unwrap();
        assert!(timeout(NEVER, listener.recv()).await.is_err());

        insert_job(db.connection(), 2).await;
        let woken = timeout(SOON, listener.recv()).await.unwrap().unwrap();
        assert_eq!(woken.channel(), "stoa_jobs");
    });
}
