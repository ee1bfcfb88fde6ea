//! Slots on a backend that takes only so many jobs at once. Which backend a job leads to is known only once a worker
//! has read what it is about, so the job learns it then and keeps it for its next lease.

use entity::job::{Column, Entity};
use model::{JobId, JobState};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ActiveEnum, ColumnTrait, QueryFilter, UpdateMany};

use super::finish::{leased_by, requeued, uncounted};
use super::{JobOperations, JobsError, LeasedJob, lease};

impl JobOperations {
    /// Takes a slot on `backend`, which takes `at_once` jobs at a time over all processes; it ends with the lease. `false` where
    /// all slots are taken: the job is back in the queue, untried, and is not leased again before one is free.
    /// [`JobsError::LeaseLost`] where somebody else has the job.
    pub async fn take_backend_slot(
        &self,
        job: &LeasedJob,
        worker: &str,
        backend: &str,
        at_once: u32,
    ) -> Result<bool, JobsError> {
        if job.backend_key == backend {
            // The lease itself counted.
            return Ok(true);
        }
        let learn = |update: UpdateMany<Entity>| {
            update
                .col_expr(Column::BackendKey, Expr::value(backend.to_owned()))
                .col_expr(Column::BackendLimit, Expr::value(i64::from(at_once)))
        };
        let tx = self.core.write_tx().await?;
        let now = lease::lock_lease_counts(&self.core, &tx).await?;
        let running = Expr::expr(running(job.id, backend, now)).lt(i64::from(at_once));
        let taken = learn(leased_by(job.id, worker))
            .filter(running)
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        if taken.rows_affected > 0 {
            return Ok(true);
        }
        let handed_back = uncounted(requeued(learn(leased_by(job.id, worker)), now));
        self.put_back(job.id, worker, handed_back).await?;
        Ok(false)
    }
}

/// How many other jobs run on this backend.
fn running(except: JobId, backend: &str, now: chrono::DateTime<chrono::Utc>) -> SelectStatement {
    Query::select()
        .expr(Expr::col(Column::Id).count())
        .from(Entity)
        .cond_where(Column::BackendKey.eq(backend))
        .cond_where(Column::State.eq(JobState::Leased.to_value()))
        .cond_where(Column::LeasedUntil.gte(now))
        .cond_where(Column::Id.ne(except))
        .take()
}
