//! Refusals around notices.

use model::{FieldFault, Kind, Problem};
use sea_orm::DbErr;

use crate::actor::AccessError;
use crate::db_error::db_problem;
use crate::page::BadCursor;

/// Why something with a notice was refused.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// What was chosen.
    #[error("the choice is not valid")]
    Invalid(Vec<FieldFault>),
    /// The settings are others than those that were seen.
    #[error("the settings changed meanwhile")]
    ChangedMeanwhile,
    /// The cursor of the page is not one of ours.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl NoticeError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Access(error) => error.problem(),
            Self::Invalid(faults) => Problem::invalid(faults.clone()),
            Self::ChangedMeanwhile => Problem::plain(
                Kind::Conflict,
                "changed_meanwhile",
                "Your settings of notices were changed meanwhile, in another window or by a program. Look at them again.",
            ),
            Self::Cursor(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
