//! Ending, repeating and handing back: only by the worker that holds the lease.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{Column, Entity};
use model::{EventKind, JobId, JobState};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveEnum, ColumnTrait, DatabaseTransaction, DeleteMany, EntityTrait, QueryFilter, UpdateMany,
};
use serde_json::json;

use super::{JobOperations, JobsError, LeasedJob};
use crate::actor::Actor;
use crate::audit::{self, Event};
use crate::db_error::is_unique_breach;

/// Longer errors are cut, so that a chatty backend cannot fill the database.
const LONGEST_ERROR: usize = 4_000;

impl JobOperations {
    /// Keeps the lease for `lease_for` from now. [`JobsError::LeaseLost`] where somebody else has it.
    pub async fn heartbeat(&self, id: JobId, worker: &str, lease_for: Duration) -> Result<(), JobsError> {
        let until = self.later(lease_for).await?;
        self.write(leased_by(id, worker).col_expr(Column::LeasedUntil, Expr::value(Some(until))))
            .await
    }

    /// It is carried out. [`JobsError::LeaseLost`] where somebody else has it.
    pub async fn done(&self, id: JobId, worker: &str) -> Result<(), JobsError> {
        let now = self.core.database_now(self.core.read()).await?;
        self.write(
            ended(leased_by(id, worker), JobState::Done, now)
                .col_expr(Column::LastError, Expr::value(String::new())),
        )
        .await
    }

    /// It is carried out, and nobody will ever look for it: no row stays, and no dead letter of the same work from before.
    /// [`JobsError::LeaseLost`] where somebody else has it.
    pub async fn done_without_trace(&self, job: &LeasedJob, worker: &str) -> Result<(), JobsError> {
        self.remove(job.id, worker).await?;
        self.forget_dead(job).await
    }

    /// The try failed; the next one is due after `after`. [`JobsError::LeaseLost`] where somebody else has it.
    pub async fn retry(
        &self,
        id: JobId,
        worker: &str,
        after: Duration,
        error: &str,
    ) -> Result<(), JobsError> {
        let next = requeued(leased_by(id, worker), self.later(after).await?)
            .col_expr(Column::LastError, Expr::value(cut(error)));
        self.put_back(id, worker, next).await
    }

    /// Hands it back untried, because this worker stops; does not count as a try. [`JobsError::LeaseLost`] where somebody
    /// else has it.
    pub async fn release(&self, id: JobId, worker: &str) -> Result<(), JobsError> {
        self.postpone(id, worker, Duration::ZERO).await
    }

    /// All is well but not finished: it is looked at again after `after`, and this look does not count as a try.
    /// [`JobsError::LeaseLost`] where somebody else has it.
    pub async fn postpone(&self, id: JobId, worker: &str, after: Duration) -> Result<(), JobsError> {
        let next = uncounted(requeued(leased_by(id, worker), self.later(after).await?));
        self.put_back(id, worker, next).await
    }

    /// Gives it up: a dead letter that staff sees, and an event unless the same work lies there given up already. Of the same
    /// work only this letter stays. [`JobsError::LeaseLost`] where somebody else has it.
    pub async fn dead(&self, job: &LeasedJob, worker: &str, error: &str) -> Result<(), JobsError> {
        let now = self.core.database_now(self.core.read()).await?;
        let tx = self.core.write_tx().await?;
        let given_up = ended(leased_by(job.id, worker), JobState::Dead, now)
            .col_expr(Column::LastError, Expr::value(cut(error)))
            .exec(&*tx)
            .await?;
        lease_held(given_up.rows_affected)?;
        let is_known = match dead_of_same_work(job) {
            Some(others) => others.exec(&*tx).await?.rows_affected > 0,
            None => false,
        };
        if !is_known {
            self.record_given_up(&tx, job, error).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn record_given_up(
        &self,
        tx: &DatabaseTransaction,
        job: &LeasedJob,
        error: &str,
    ) -> Result<(), JobsError> {
        let row = Entity::find_by_id(job.id).one(tx).await?;
        let subject = row.map(|row| row.subject).unwrap_or_default();
        let system = Actor::system();
        let event = Event::new(&system, EventKind::JobGivenUp, job.id.0)
            .after(json!({ "state": JobState::Dead, "kind": job.kind, "subject": subject, "attempts": job.attempt }))
            .reason(cut(error));
        audit::record_in(&self.core, tx, event).await?;
        Ok(())
    }

    /// Puts a leased job back among those that wait. Where another with its unique key came meanwhile, that one has all
    /// its tries still and does the same work, so this one goes.
    pub(super) async fn put_back(
        &self,
        id: JobId,
        worker: &str,
        update: UpdateMany<Entity>,
    ) -> Result<(), JobsError> {
        match self.write(update).await {
            Err(JobsError::Db(breach)) if is_unique_breach(&breach) => {
                tracing::info!(job.id = %id, "the same work waits already; that one goes on");
                self.remove(id, worker).await
            }
            other => other,
        }
    }

    /// Removes the other dead letters of the same work.
    async fn forget_dead(&self, job: &LeasedJob) -> Result<(), JobsError> {
        let Some(others) = dead_of_same_work(job) else {
            return Ok(());
        };
        let _permit = self.core.write_permit().await;
        others.exec(self.core.read()).await?;
        Ok(())
    }

    async fn write(&self, update: UpdateMany<Entity>) -> Result<(), JobsError> {
        let _permit = self.core.write_permit().await;
        lease_held(update.exec(self.core.read()).await?.rows_affected)
    }

    async fn remove(&self, id: JobId, worker: &str) -> Result<(), JobsError> {
        let _permit = self.core.write_permit().await;
        let own: DeleteMany<Entity> = Entity::delete_many()
            .filter(Column::Id.eq(id))
            .filter(Column::State.eq(JobState::Leased))
            .filter(Column::LeasedBy.eq(worker));
        lease_held(own.exec(self.core.read()).await?.rows_affected)
    }

    async fn later(&self, after: Duration) -> Result<DateTime<Utc>, JobsError> {
        let now = self.core.database_now(self.core.read()).await?;
        Ok(now + TimeDelta::from_std(after).unwrap_or(TimeDelta::days(365)))
    }
}

/// The other dead letters of the same work; none where it has no key.
fn dead_of_same_work(job: &LeasedJob) -> Option<DeleteMany<Entity>> {
    let others = Entity::delete_many()
        .filter(Column::UniqueKey.eq(job.unique_key.as_ref()?))
        .filter(Column::State.eq(JobState::Dead))
        .filter(Column::Id.ne(job.id));
    Some(others)
}

fn lease_held(rows: u64) -> Result<(), JobsError> {
    match rows {
        0 => Err(JobsError::LeaseLost),
        _ => Ok(()),
    }
}

pub(super) fn leased_by(id: JobId, worker: &str) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(JobState::Leased))
        .filter(Column::LeasedBy.eq(worker))
}

fn ended(update: UpdateMany<Entity>, state: JobState, now: DateTime<Utc>) -> UpdateMany<Entity> {
    update
        .col_expr(Column::State, Expr::value(state.to_value()))
        .col_expr(Column::FinishedAt, Expr::value(Some(now)))
        .col_expr(Column::LeasedUntil, Expr::value(None::<DateTime<Utc>>))
}

pub(super) fn requeued(update: UpdateMany<Entity>, run_at: DateTime<Utc>) -> UpdateMany<Entity> {
    update
        .col_expr(Column::State, Expr::value(JobState::Queued.to_value()))
        .col_expr(Column::RunAt, Expr::value(run_at))
        .col_expr(Column::LeasedBy, Expr::value(None::<String>))
        .col_expr(Column::LeasedUntil, Expr::value(None::<DateTime<Utc>>))
}

pub(super) fn uncounted(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    update.col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
}

/// What is kept of an error; what PostgreSQL keeps in no text is left out.
fn cut(error: &str) -> String {
    error
        .chars()
        .filter(|letter| *letter != '\0')
        .take(LONGEST_ERROR)
        .collect()
}
