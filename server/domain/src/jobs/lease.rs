//! Taking a job: choosing and marking it is one statement, so that two workers never get the same one.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{Column, Entity, Model};
use model::{JobId, JobState};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, EntityTrait, QueryFilter, TransactionTrait,
};

use super::{Job, JobOperations, JobsError};
use crate::core::Core;

/// Serialises the leases of all processes on PostgreSQL while backends have limits: without it two workers could each
/// count the same running jobs and both take one more. The number only has to be ours.
const LEASE_LOCK: &str = "SELECT pg_advisory_xact_lock(7801934)";

/// How many jobs may run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// With the same backend key, over all processes, where the plugin names no limit of its own.
    pub per_backend: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_backend: 4 }
    }
}

/// A job that this worker holds until the lease runs out.
#[derive(Debug, Clone, PartialEq)]
pub struct LeasedJob {
    /// The job.
    pub id: JobId,
    /// The kind: the `NAME` of its [`Job`].
    pub kind: String,
    /// What to do, as it was stored; see [`LeasedJob::read`].
    pub payload: serde_json::Value,
    /// Which try this is, from 1.
    pub attempt: i32,
    /// Tries before it is given up.
    pub max_attempts: i32,
    /// When the lease runs out; extend it with [`super::JobOperations::heartbeat`].
    pub leased_until: DateTime<Utc>,
    /// Trace id of the request that caused it.
    pub trace_id: String,
    /// Error of the try before; empty on the first.
    pub last_error: String,
    /// Which backend's limit it counts towards.
    pub backend_key: String,
    /// At most one of the jobs with this key waits.
    pub unique_key: Option<String>,
}

impl LeasedJob {
    /// What to do; the fault where it was not stored by this kind of job.
    pub fn read<J: Job>(&self) -> Result<J, serde_json::Error> {
        J::deserialize(&self.payload)
    }

    /// Earlier workers vanished with all the tries: give it up without trying once more.
    pub fn is_exhausted(&self) -> bool {
        self.attempt > self.max_attempts
    }

    /// No further try follows this one.
    pub fn is_last_try(&self) -> bool {
        self.attempt >= self.max_attempts
    }
}

impl JobOperations {
    /// Takes the job that has waited longest among those that are due, of one of `kinds`, and not held back by
    /// `limits` or by a job of its serial key; `None` where there is none. A job whose lease ran out is taken again, and that
    /// counts as a try. Time is the database's.
    pub async fn lease(
        &self,
        worker: &str,
        kinds: &[&str],
        lease_for: Duration,
        limits: Limits,
    ) -> Result<Option<LeasedJob>, JobsError> {
        let _permit = self.core.write_permit().await;
        let claim = Claim {
            core: &self.core,
            worker,
            kinds,
            lease_for,
            limits,
        };
        let taken = claim.take(self.core.pool()).await?;
        Ok(taken.map(|row| LeasedJob {
            id: row.id,
            kind: row.kind,
            payload: row.payload,
            attempt: row.attempts,
            max_attempts: row.max_attempts,
            leased_until: row.leased_until.unwrap_or(row.run_at),
            trace_id: row.trace_id,
            last_error: row.last_error,
            backend_key: row.backend_key,
            unique_key: row.unique_key,
        }))
    }
}

struct Claim<'a> {
    core: &'a Core,
    worker: &'a str,
    kinds: &'a [&'a str],
    lease_for: Duration,
    limits: Limits,
}

impl Claim<'_> {
    async fn take(&self, db: &DatabaseConnection) -> Result<Option<Model>, DbErr> {
        if db.get_database_backend() != DbBackend::Postgres {
            return self.first(db, self.core.now()).await;
        }
        let tx = db.begin().await?;
        let now = lock_lease_counts(self.core, &tx).await?;
        let taken = self.first(&tx, now).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// A job whose worker vanished, else the one that is due longest. Two statements, because one with "or" would have
    /// to sort the whole queue to find its first job.
    async fn first<C: ConnectionTrait>(&self, conn: &C, now: DateTime<Utc>) -> Result<Option<Model>, DbErr> {
        let mut lapsed = self.candidate(now, JobState::Leased);
        lapsed.cond_where(Column::LeasedUntil.lt(now));
        if let Some(job) = self.update(conn, now, lapsed).await? {
            return Ok(Some(job));
        }
        let mut due = self.candidate(now, JobState::Queued);
        due.cond_where(Column::RunAt.lte(now)).cond_where(
            Condition::any()
                .add(Column::SerialKey.is_null())
                .add(Column::SerialKey.not_in_subquery(busy_serial_keys())),
        );
        self.update(conn, now, due).await
    }

    async fn update<C: ConnectionTrait>(
        &self,
        conn: &C,
        now: DateTime<Utc>,
        candidate: SelectStatement,
    ) -> Result<Option<Model>, DbErr> {
        let until = now + TimeDelta::from_std(self.lease_for).unwrap_or(TimeDelta::MAX);
        let leased = Entity::update_many()
            .col_expr(Column::State, Expr::value(JobState::Leased.to_value()))
            .col_expr(Column::LeasedBy, Expr::value(Some(self.worker.to_owned())))
            .col_expr(Column::LeasedUntil, Expr::value(Some(until)))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.in_subquery(candidate))
            .exec_with_returning(conn)
            .await?;
        Ok(leased.into_iter().next())
    }

    fn candidate(&self, now: DateTime<Utc>, state: JobState) -> SelectStatement {
        let mut select = Query::select();
        select
            .column(Column::Id)
            .from(Entity)
            .cond_where(Column::State.eq(state))
            .cond_where(Column::Kind.is_in(self.kinds.iter().copied()))
            .cond_where(Column::BackendKey.not_in_subquery(self.busy_backends(now)))
            .order_by(Column::RunAt, sea_orm::Order::Asc)
            .order_by(Column::Id, sea_orm::Order::Asc)
            .limit(1)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        select
    }

    /// Keys under which as many jobs run as may.
    fn busy_backends(&self, now: DateTime<Utc>) -> SelectStatement {
        let mut busy = Query::select();
        busy.column(Column::BackendKey)
            .from(Entity)
            .cond_where(Column::State.eq(JobState::Leased))
            .cond_where(Column::LeasedUntil.gte(now))
            .cond_where(Column::BackendKey.ne(""))
            .group_by_col(Column::BackendKey)
            .and_having(
                Expr::col(Column::Id).count().gte(
                    Expr::col(Column::BackendLimit)
                        .min()
                        .if_null(i64::from(self.limits.per_backend)),
                ),
            );
        busy
    }
}

/// Serial keys whose turn is taken: also where the worker vanished, because its job goes first.
fn busy_serial_keys() -> SelectStatement {
    let mut busy = Query::select();
    busy.column(Column::SerialKey)
        .from(Entity)
        .cond_where(Column::State.eq(JobState::Leased))
        .cond_where(Column::SerialKey.is_not_null());
    busy
}

/// Until `tx` ends, nobody else counts running jobs; answers the database's time. On SQLite only one transaction writes
/// anyway.
pub(super) async fn lock_lease_counts(core: &Core, tx: &DatabaseTransaction) -> Result<DateTime<Utc>, DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(LEASE_LOCK).await?;
    }
    core.database_now(tx).await
}
