//! The queue: durable work that follows from a change, made in the same transaction as the change.
//!
//! Invariants:
//! - A job is leased by one worker at a time; a lease that runs out is taken again, which counts as a try.
//! - Only the holder of the lease may end, repeat or hand back a job, so a worker that lost its lease cannot end it twice.
//! - A dead job keeps its error until somebody tries it again; nothing is dropped silently.
//! - Of the jobs with one `backend_key`, no more run at once than the limit says.
//! - Of the jobs with one `dedup_key`, at most one is queued or leased.

mod enqueue;
mod error;
mod finish;
mod lease;
mod list;
mod payload;
mod turn;

use crate::core::Core;

pub(crate) use enqueue::{NewJob, enqueue_in};
pub use error::JobsError;
pub use lease::{LeasedJob, Limits};
pub use list::{JobCounts, JobFilter};
pub use payload::JobPayload;
pub(crate) use payload::backend_key;

/// The service of the queue: for workers and for staff.
#[derive(Clone)]
pub struct Jobs {
    core: Core,
}

impl Jobs {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// Completes soon after jobs were committed: by this process, or on PostgreSQL by any. On SQLite the jobs of other
    /// processes are found by looking from time to time, which a worker does anyway.
    pub async fn committed(&self) {
        self.core.jobs_committed().await;
    }
}
