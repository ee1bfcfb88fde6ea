//! Ending, repeating and handing back: only by the worker that holds the lease.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{Column, Entity};
use model::{JobId, JobState};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, UpdateMany};

use super::{Jobs, JobsError};

/// Longer errors are cut, so that a chatty backend cannot fill the database.
const LONGEST_ERROR: usize = 4_000;

impl Jobs {
    /// Keeps the lease for `lease_for` from now.
    pub async fn heartbeat(&self, id: JobId, worker: &str, lease_for: Duration) -> Result<(), JobsError> {
        let until = self.later(lease_for);
        self.write(held(id, worker).col_expr(Column::LeasedUntil, Expr::value(Some(until))))
            .await
    }

    /// It is carried out.
    pub async fn done(&self, id: JobId, worker: &str) -> Result<(), JobsError> {
        self.write(
            ended(held(id, worker), JobState::Done, self.core.now())
                .col_expr(Column::LastError, Expr::value(String::new())),
        )
        .await
    }

    /// The try failed; the next one is due after `after`.
    pub async fn retry(
        &self,
        id: JobId,
        worker: &str,
        after: Duration,
        error: &str,
    ) -> Result<(), JobsError> {
        let next =
            back(held(id, worker), self.later(after)).col_expr(Column::LastError, Expr::value(cut(error)));
        self.write(next).await
    }

    /// Hands it back untried, because this worker stops; does not count as a try.
    pub async fn release(&self, id: JobId, worker: &str) -> Result<(), JobsError> {
        self.write(uncounted(back(held(id, worker), self.core.now())))
            .await
    }

    /// All is well but not finished: it is looked at again after `after`, and this look does not count as a try.
    pub async fn postpone(&self, id: JobId, worker: &str, after: Duration) -> Result<(), JobsError> {
        self.write(uncounted(back(held(id, worker), self.later(after))))
            .await
    }

    /// Gives it up: a dead letter that staff sees.
    pub async fn dead(&self, id: JobId, worker: &str, error: &str) -> Result<(), JobsError> {
        self.write(
            ended(held(id, worker), JobState::Dead, self.core.now())
                .col_expr(Column::LastError, Expr::value(cut(error))),
        )
        .await
    }

    async fn write(&self, update: UpdateMany<Entity>) -> Result<(), JobsError> {
        let _gate = self.core.pass_gate().await;
        match update.exec(self.core.read()).await?.rows_affected {
            0 => Err(JobsError::LeaseLost),
            _ => Ok(()),
        }
    }

    fn later(&self, after: Duration) -> DateTime<Utc> {
        self.core.now() + TimeDelta::from_std(after).unwrap_or(TimeDelta::days(365))
    }
}

pub(super) fn held(id: JobId, worker: &str) -> UpdateMany<Entity> {
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

pub(super) fn back(update: UpdateMany<Entity>, run_at: DateTime<Utc>) -> UpdateMany<Entity> {
    update
        .col_expr(Column::State, Expr::value(JobState::Queued.to_value()))
        .col_expr(Column::RunAt, Expr::value(run_at))
        .col_expr(Column::LeasedBy, Expr::value(None::<String>))
        .col_expr(Column::LeasedUntil, Expr::value(None::<DateTime<Utc>>))
}

pub(super) fn uncounted(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    update.col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
}

fn cut(error: &str) -> String {
    error.chars().take(LONGEST_ERROR).collect()
}
