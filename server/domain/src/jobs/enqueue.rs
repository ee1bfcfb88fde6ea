//! Making jobs within the transaction of the change they follow from.

use entity::job::{self, Column};
use model::{JobId, JobState, OfferingId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue, ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait};
use serde_json::Value as Json;

use super::Job;
use crate::core::Core;

/// The key under which jobs on the backend of one offering share a limit until a worker has read which backend its
/// settings lead to.
pub(crate) fn backend_key(offering_id: OfferingId) -> String {
    format!("offering {offering_id}")
}

/// A job to be made.
#[derive(Debug, Clone)]
pub struct NewJob {
    kind: &'static str,
    payload: Json,
    subject: String,
    unique_key: Option<String>,
    serial_key: Option<String>,
    max_attempts: i32,
    backend_key: String,
    backend_limit: Option<i32>,
    keeps_schedule: bool,
}

impl NewJob {
    /// Due at once, with the keys and tries of its kind, on no backend. Refused only where the payload is not JSON.
    pub fn now<J: Job>(job: &J) -> Result<Self, DbErr> {
        Ok(Self {
            kind: J::NAME,
            payload: serde_json::to_value(job).map_err(|fault| DbErr::Json(fault.to_string()))?,
            subject: job.subject(),
            unique_key: job.unique_key(),
            serial_key: job.serial_key(),
            max_attempts: J::TRIES,
            backend_key: String::new(),
            backend_limit: None,
            keeps_schedule: false,
        })
    }

    /// Shares the concurrency limit of this backend: the plugin's name for it, or `backend_key` before it is known.
    #[must_use]
    pub fn on_backend(mut self, backend_key: impl Into<String>) -> Self {
        self.backend_key = backend_key.into();
        self
    }

    /// With a limit of its own for the backend, over all processes.
    #[must_use]
    pub fn at_most(mut self, at_once: u16) -> Self {
        self.backend_limit = Some(at_once.into());
        self
    }

    /// Where such a job waits already, it waits on as long as it would have: for what is made on a timer, which must not
    /// defeat the waits between tries. Otherwise the one that waits becomes due at once, for the new change's sake.
    #[must_use]
    pub fn keeping_schedule(mut self) -> Self {
        self.keeps_schedule = true;
        self
    }

    /// The kind of the job.
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

/// Makes the job; it exists if and only if `tx` commits. `None` where one with its unique key waits already: that one is then
/// not begun before `tx` has ended, so it always sees what `tx` changed.
pub(crate) async fn enqueue_in(
    core: &Core,
    tx: &DatabaseTransaction,
    new: NewJob,
) -> Result<Option<JobId>, DbErr> {
    let id = core.new_id(JobId);
    let now = core.now();
    // Where the database's clock says what is due, it also says since when.
    let run_at = if core.has_database_clock() {
        ActiveValue::NotSet
    } else {
        Set(now)
    };
    let waiting = if new.keeps_schedule {
        "jobs.run_at"
    } else {
        "CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END"
    };
    let row = job::ActiveModel {
        id: Set(id),
        kind: Set(new.kind.to_owned()),
        payload: Set(new.payload),
        subject: Set(new.subject),
        state: Set(JobState::Queued),
        run_at,
        attempts: Set(0),
        max_attempts: Set(new.max_attempts),
        leased_by: Set(None),
        leased_until: Set(None),
        last_error: Set(String::new()),
        unique_key: Set(new.unique_key),
        serial_key: Set(new.serial_key),
        backend_key: Set(new.backend_key),
        backend_limit: Set(new.backend_limit),
        trace_id: Set(crate::trace::current()),
        created_at: Set(now),
        finished_at: Set(None),
    };
    // Updating the one that waits also locks it: without that a worker could take it and read the state from before `tx`.
    let one_waits = OnConflict::column(Column::UniqueKey)
        .target_and_where(Expr::cust("state = 'queued'"))
        .value(Column::RunAt, Expr::cust(waiting))
        .to_owned();
    let made = job::Entity::insert(row)
        .on_conflict(one_waits)
        .exec_with_returning(tx)
        .await?;
    core.note_job();
    Ok((made.id == id).then_some(id))
}
