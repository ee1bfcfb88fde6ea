//! Refusals of the log.

use model::{Kind, Problem};
use sea_orm::DbErr;

use crate::actor::AccessError;
use crate::db_error::db_problem;
use crate::page::BadCursor;

/// Why the log is not shown.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The cursor of the page is not one of ours.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl AuditError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Access(error) => error.problem(),
            Self::Cursor(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
