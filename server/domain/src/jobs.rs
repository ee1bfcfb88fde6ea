//! The queue: durable work that follows from a change, made in the same transaction as the change.
//!
//! Invariants:
//! - A job is leased by one worker at a time; a lease that runs out is taken again, which counts as a try.
//! - Only the holder of the lease may end, repeat or hand back a job, so a worker that lost its lease cannot end it twice.
//! - A dead job keeps its error until somebody tries it again; nothing is dropped silently.
//! - Of the jobs with one `backend_key`, no more run at once than the limit says.
//! - Of the jobs with one unique key at most one waits; it is begun only after the last change that asked for it.
//! - Of the jobs with one serial key at most one runs.
//! - Leases and schedules use the database's clock, so that processes whose clocks differ agree.
//!
//! A kind of job is a type that is a [`Job`]: see [`kinds`].

mod backend_slot;
mod enqueue;
mod error;
mod finish;
mod job;
pub mod kinds;
mod lease;
mod list;
mod schedule;

use crate::core::Core;

pub use enqueue::NewJob;
pub(crate) use enqueue::{backend_key, enqueue_in};
pub use error::JobsError;
pub use job::Job;
pub use lease::{LeasedJob, Limits};
pub use list::{JobCounts, JobFilter};
pub use schedule::Scheduled;

/// The queue as staff sees it.
#[derive(Clone)]
pub struct Jobs {
    core: Core,
}

impl Jobs {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// The queue as workers and the command line work it, which act for nobody.
#[derive(Clone)]
pub struct JobOperations {
    core: Core,
}

impl JobOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// Completes soon after jobs were committed: by this process, or on PostgreSQL by any. On SQLite the jobs of other
    /// processes are found by looking from time to time, which a worker does anyway.
    pub async fn committed(&self) {
        self.core.jobs_committed().await;
    }
}
