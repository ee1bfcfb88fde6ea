//! The queue as staff sees it, and trying dead letters again.

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{Column, Entity, Model};
use model::{EventKind, JobId, JobState, JobSummary, Page, PageRequest, Permission};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{JobOperations, Jobs, JobsError, NewJob};
use crate::actor::{Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::db_error::is_unique_breach;
use crate::page;

/// Which jobs are wanted; empty fields let all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// In one of these states.
    pub states: Vec<JobState>,
    /// Of this kind.
    pub kind: Option<String>,
    /// About this: `order 0190…`.
    pub subject: Option<String>,
}

/// How many jobs are in a state, for metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCounts {
    /// Kind.
    pub kind: String,
    /// State.
    pub state: JobState,
    /// How many.
    pub count: i64,
}

impl Jobs {
    /// Jobs, for staff and support: those that need a person first (dead letters, and what is stuck), the newest of each first.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &JobFilter,
        request: &PageRequest,
    ) -> Result<Page<JobSummary>, JobsError> {
        authorize(actor, Permission::ViewAudit, &Target::system())?;
        let mut select = Entity::find();
        if !filter.states.is_empty() {
            select = select.filter(Column::State.is_in(filter.states.iter().copied()));
        }
        if let Some(kind) = &filter.kind {
            select = select.filter(Column::Kind.eq(kind));
        }
        if let Some(subject) = &filter.subject {
            select = select.filter(Column::Subject.eq(subject));
        }
        let now = self.core.database_now(self.core.read()).await?;
        let rank = Expr::case(needs_person(now), 0).finally(1);
        if let Some((last_rank, last)) = after(request)? {
            select = select.filter(
                Condition::any().add(Expr::expr(rank.clone()).gt(last_rank)).add(
                    Condition::all()
                        .add(Expr::expr(rank.clone()).eq(last_rank))
                        .add(Column::Id.lt(last)),
                ),
            );
        }
        let rows = select
            .order_by(Expr::expr(rank), sea_orm::Order::Asc)
            .order_by_desc(Column::Id)
            .limit(page::fetch(request))
            .all(self.core.read())
            .await?;
        let key = |row: &Model| {
            let rank = i32::from(!(row.state == JobState::Dead || is_stuck(row, now)));
            vec![rank.to_string(), row.id.to_string()]
        };
        Ok(page::cut(rows, request, key).map(|row| {
            let stuck = is_stuck(&row, now);
            row.summary(stuck)
        }))
    }

    /// The kinds of the jobs that there are, by name, for staff and support.
    pub async fn kinds(&self, actor: &Actor) -> Result<Vec<String>, JobsError> {
        authorize(actor, Permission::ViewAudit, &Target::system())?;
        let kinds = Entity::find()
            .select_only()
            .column(Column::Kind)
            .distinct()
            .order_by_asc(Column::Kind);
        Ok(kinds.into_tuple().all(self.core.read()).await?)
    }

    /// Puts a dead letter back into the queue with all its tries; audited. Refused for who may not manage jobs; a job
    /// that is not dead, and one whose work waits already, are refused too.
    pub async fn try_again(&self, actor: &Actor, id: JobId) -> Result<(), JobsError> {
        authorize(actor, Permission::ManageJob, &Target::system())?;
        let tx = self.core.write_tx().await?;
        let dead = Entity::find_by_id(id)
            .one(&*tx)
            .await?
            .ok_or(crate::actor::AccessError::NotFound)?;
        let update = Entity::update_many()
            .col_expr(Column::State, Expr::value(JobState::Queued.to_value()))
            .col_expr(Column::Attempts, Expr::value(0))
            .col_expr(Column::RunAt, Expr::value(self.core.now()))
            .col_expr(Column::LeasedBy, Expr::value(None::<String>))
            .col_expr(Column::FinishedAt, Expr::value(None::<DateTime<Utc>>))
            .filter(Column::Id.eq(id))
            .filter(Column::State.eq(JobState::Dead));
        match update.exec(&*tx).await {
            Ok(done) if done.rows_affected == 1 => {}
            Ok(_) => return Err(JobsError::NotDead),
            Err(breach) if is_unique_breach(&breach) => return Err(JobsError::AlreadyWaiting),
            Err(error) => return Err(error.into()),
        }
        audit::record_in(&self.core, &tx, tried_again(actor, &dead)).await?;
        self.core.note_job();
        Ok(tx.commit().await?)
    }
}

impl JobOperations {
    /// How many jobs there are by kind and state.
    pub async fn counts(&self) -> Result<Vec<JobCounts>, JobsError> {
        let rows: Vec<(String, JobState, i64)> = Entity::find()
            .select_only()
            .column(Column::Kind)
            .column(Column::State)
            .column_as(Column::Id.count(), "count")
            .group_by(Column::Kind)
            .group_by(Column::State)
            .into_tuple()
            .all(self.core.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(kind, state, count)| JobCounts { kind, state, count })
            .collect())
    }

    /// Removes jobs that were carried out before `before`; how many. Dead letters stay.
    pub async fn sweep(&self, before: DateTime<Utc>) -> Result<u64, JobsError> {
        let _permit = self.core.write_permit().await;
        let over = Entity::delete_many()
            .filter(Column::State.eq(JobState::Done))
            .filter(Column::FinishedAt.lt(before));
        Ok(over.exec(self.core.read()).await?.rows_affected)
    }

    /// Makes a job outside of any change, for the worker and the command line; `None` where one with its unique key waits
    /// already.
    pub async fn enqueue(&self, job: NewJob) -> Result<Option<JobId>, JobsError> {
        let tx = self.core.write_tx().await?;
        let id = super::enqueue_in(&self.core, &tx, job).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// A job that is due and not taken for this long is stuck: no worker runs, none knows its kind, or all are busy.
const OVERDUE: TimeDelta = TimeDelta::minutes(10);
/// A lease that lapsed and was not taken over for this long: no worker runs.
const LAPSED: TimeDelta = TimeDelta::minutes(2);

fn is_stuck(job: &Model, now: DateTime<Utc>) -> bool {
    match job.state {
        JobState::Queued => job.run_at < now - OVERDUE,
        JobState::Leased => job.leased_until.is_some_and(|until| until < now - LAPSED),
        JobState::Done | JobState::Dead => false,
    }
}

fn needs_person(now: DateTime<Utc>) -> Condition {
    let in_state = |state: JobState| Condition::all().add(Column::State.eq(state));
    Condition::any()
        .add(in_state(JobState::Dead))
        .add(in_state(JobState::Queued).add(Column::RunAt.lt(now - OVERDUE)))
        .add(in_state(JobState::Leased).add(Column::LeasedUntil.lt(now - LAPSED)))
}

fn after(request: &PageRequest) -> Result<Option<(i32, uuid::Uuid)>, page::BadCursor> {
    match page::after(request, 2)?.as_deref() {
        Some([rank, id]) => match (rank.parse(), id.parse()) {
            (Ok(rank), Ok(id)) => Ok(Some((rank, id))),
            _ => Err(page::BadCursor),
        },
        _ => Ok(None),
    }
}

fn tried_again<'a>(actor: &'a Actor, dead: &Model) -> Event<'a> {
    Event::new(actor, EventKind::JobTriedAgain, dead.id.0)
        .before(json!({ "state": dead.state, "attempts": dead.attempts, "error": dead.last_error }))
        .after(json!({ "state": JobState::Queued, "kind": dead.kind, "subject": dead.subject }))
}
