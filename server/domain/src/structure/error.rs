//! Refusals of structure.

use model::{FieldFault, Kind, Problem};
use sea_orm::DbErr;

use crate::access::AccessError;
use crate::db_error::db_problem;
use crate::page::BadCursor;

/// Why an organization or project could not be changed or shown.
#[derive(Debug, thiserror::Error)]
pub enum StructureError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Input at fault.
    #[error("the input was not accepted")]
    Invalid(Vec<FieldFault>),
    /// Somebody else changed it since it was looked at.
    #[error("it was changed meanwhile")]
    ChangedMeanwhile,
    /// What was to be verified is something else by now.
    #[error("country or VAT number changed meanwhile")]
    Changed,
    /// There is no country that could be verified.
    #[error("there is nothing to verify")]
    NothingToVerify,
    /// A cursor of another list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl StructureError {
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
                "Somebody changed this in the meantime, so nothing was done. Look at how it is now, then do it again.",
            ),
            Self::Changed => Problem::plain(
                Kind::Conflict,
                "organization_changed",
                "Country or VAT number were changed since you looked at them. Look again, then verify what they are now.",
            ),
            Self::NothingToVerify => Problem::plain(
                Kind::Conflict,
                "nothing_to_verify",
                "The organization names no country yet, so there is nothing to verify.",
            ),
            Self::Cursor(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
