//! Refusals of the queue.

use model::{Kind, Problem};
use sea_orm::DbErr;

use crate::actor::AccessError;
use crate::db_error::db_problem;

/// Why the queue refused.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The worker does not hold the lease (any more).
    #[error("the lease is held by somebody else, or is over")]
    LeaseLost,
    /// Only dead jobs can be tried again.
    #[error("the job is not a dead letter")]
    NotDead,
    /// A job for the same thing waits or runs already.
    #[error("the same work is already waiting")]
    AlreadyWaiting,
    /// The cursor of the page is not one of ours.
    #[error(transparent)]
    Cursor(#[from] crate::page::BadCursor),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl JobsError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Access(error) => error.problem(),
            Self::LeaseLost => Problem::plain(
                Kind::Conflict,
                "lease_lost",
                "Another worker has taken over this job.",
            ),
            Self::NotDead => Problem::plain(
                Kind::Conflict,
                "job_not_dead",
                "This job has not been given up, so there is nothing to try again.",
            ),
            Self::AlreadyWaiting => Problem::plain(
                Kind::Conflict,
                "job_already_waiting",
                "The same work is already waiting. See how that ends first.",
            ),
            Self::Cursor(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
