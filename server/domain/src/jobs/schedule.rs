//! Jobs that are made again and again: rows that say when each is next due, so that any number of processes make it once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::schedule::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};

use super::{JobOperations, JobsError, NewJob};

/// A job that is made every so often. Its name is the job's kind.
#[derive(Debug, Clone)]
pub struct Scheduled {
    /// How often.
    pub every: Duration,
    /// What is made; it keeps the schedule of one that waits already.
    pub job: NewJob,
}

impl Scheduled {
    fn name(&self) -> &'static str {
        self.job.kind()
    }

    fn seconds(&self) -> i64 {
        i64::try_from(self.every.as_secs()).unwrap_or(i64::MAX)
    }
}

impl JobOperations {
    /// Makes the jobs of this plan that are due, and answers how many. A job that is new in the plan is due at once. Any number
    /// of processes may call it as often as they like: each due job is made once.
    pub async fn run_schedules(&self, plan: &[Scheduled]) -> Result<u32, JobsError> {
        let now = self.core.database_now(self.core.read()).await?;
        let known = Entity::find().all(self.core.read()).await?;
        let mut made = 0;
        for scheduled in plan {
            let row = known.iter().find(|row| row.name == scheduled.name());
            let as_planned = row.is_some_and(|row| row.every_seconds == scheduled.seconds());
            if as_planned && row.is_some_and(|row| row.next_at > now) {
                continue;
            }
            made += u32::from(self.run_scheduled(scheduled, row, now).await?);
        }
        Ok(made)
    }

    async fn run_scheduled(
        &self,
        scheduled: &Scheduled,
        seen: Option<&Model>,
        now: DateTime<Utc>,
    ) -> Result<bool, JobsError> {
        let tx = self.core.write_tx().await?;
        let is_due = match seen {
            Some(row) if row.next_at > now => {
                replan(&tx, scheduled, row, now).await?;
                false
            }
            Some(row) => advance(&tx, scheduled, row, now).await?,
            None => begin(&tx, scheduled, now).await?,
        };
        if is_due {
            super::enqueue_in(&self.core, &tx, scheduled.job.clone().keeping_schedule()).await?;
        }
        tx.commit().await?;
        Ok(is_due)
    }
}

/// False where another process was first.
async fn begin(tx: &DatabaseTransaction, scheduled: &Scheduled, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let row = ActiveModel {
        name: Set(scheduled.name().to_owned()),
        every_seconds: Set(scheduled.seconds()),
        last_at: Set(Some(now)),
        next_at: Set(next(scheduled, now)),
    };
    let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx).await? == 1)
}

/// Takes the row for this time; false where another process took it, who then moved its `next_at` on.
async fn advance(
    tx: &DatabaseTransaction,
    scheduled: &Scheduled,
    seen: &Model,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let taken = Entity::update_many()
        .col_expr(Column::EverySeconds, Expr::value(scheduled.seconds()))
        .col_expr(Column::LastAt, Expr::value(Some(now)))
        .col_expr(Column::NextAt, Expr::value(next(scheduled, now)))
        .filter(Column::Name.eq(scheduled.name()))
        .filter(Column::NextAt.eq(seen.next_at))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Another interval was configured: it counts from the last time.
async fn replan(
    tx: &DatabaseTransaction,
    scheduled: &Scheduled,
    seen: &Model,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::EverySeconds, Expr::value(scheduled.seconds()))
        .col_expr(
            Column::NextAt,
            Expr::value(next(scheduled, seen.last_at.unwrap_or(now))),
        )
        .filter(Column::Name.eq(scheduled.name()))
        .filter(Column::NextAt.eq(seen.next_at))
        .exec(tx)
        .await?;
    Ok(())
}

fn next(scheduled: &Scheduled, from: DateTime<Utc>) -> DateTime<Utc> {
    from + TimeDelta::from_std(scheduled.every).unwrap_or(TimeDelta::days(365))
}
