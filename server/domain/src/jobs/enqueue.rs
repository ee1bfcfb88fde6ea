//! Making jobs within the transaction of the change they follow from.

use entity::job;
use model::{JobId, JobState};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait};

use super::JobPayload;
use crate::core::Core;

/// Tries before a job is given up, where its kind does not say otherwise.
const TRIES: i32 = 10;

/// A job to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewJob {
    pub(crate) payload: JobPayload,
    pub(crate) max_attempts: i32,
    pub(crate) dedup_key: Option<String>,
    pub(crate) backend_key: String,
}

impl NewJob {
    /// Due at once, ten tries, no limits.
    pub(crate) fn now(payload: JobPayload) -> Self {
        Self {
            payload,
            max_attempts: TRIES,
            dedup_key: None,
            backend_key: String::new(),
        }
    }

    /// Given up after `max_attempts` tries.
    pub(crate) fn tries(mut self, max_attempts: i32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// While a job with this key is queued or leased, no second one is made.
    pub(crate) fn once(mut self, dedup_key: impl Into<String>) -> Self {
        self.dedup_key = Some(dedup_key.into());
        self
    }

    /// Shares the concurrency limit of this backend: plugin kind and offering, for instance.
    pub(crate) fn on_backend(mut self, backend_key: impl Into<String>) -> Self {
        self.backend_key = backend_key.into();
        self
    }
}

/// Makes the job; it exists if and only if `tx` commits. `None` where its dedup key is taken already.
pub(crate) async fn enqueue_in(
    core: &Core,
    tx: &DatabaseTransaction,
    new: NewJob,
) -> Result<Option<JobId>, DbErr> {
    let id = core.new_id(JobId);
    let now = core.now();
    let payload = serde_json::to_value(&new.payload).map_err(|fault| DbErr::Json(fault.to_string()))?;
    let row = job::ActiveModel {
        id: Set(id),
        kind: Set(new.payload.kind().to_owned()),
        payload: Set(payload),
        subject: Set(new.payload.subject()),
        state: Set(JobState::Queued),
        run_at: Set(now),
        attempts: Set(0),
        max_attempts: Set(new.max_attempts),
        leased_by: Set(None),
        leased_until: Set(None),
        last_error: Set(String::new()),
        dedup_key: Set(new.dedup_key),
        backend_key: Set(new.backend_key),
        backend_limit: Set(None),
        trace_id: Set(crate::trace::current()),
        created_at: Set(now),
        finished_at: Set(None),
    };
    // The dedup key is the only unique column besides the id, so any conflict means "already waiting".
    let insert = job::Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
    if insert.exec_without_returning(tx).await? == 0 {
        return Ok(None);
    }
    core.note_job();
    Ok(Some(id))
}
