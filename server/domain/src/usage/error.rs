//! What can go wrong with usage as a whole; single lines are refused in the receipt.

use model::{FieldFault, FixedError, Kind, Problem};
use sea_orm::DbErr;

use crate::access::AccessError;
use crate::db_error::db_problem;
use crate::zone::UnknownZone;

/// A refusal or failure around usage.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// More lines than one request may bring.
    #[error("a batch has at most {most} lines")]
    TooMany {
        /// The most that are taken at once.
        most: usize,
    },
    /// Days to report on that are no span, or too long a one.
    #[error("the days to report on are not a span of at most {most} days")]
    Span {
        /// The longest span.
        most: i64,
    },
    /// Sums beyond what can be stored.
    #[error("the sum of the usage is too large")]
    TooLarge(#[from] FixedError),
    /// The organization's time zone is not one that exists.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// Access was refused.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl UsageError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::TooMany { most } => Problem::plain(
                Kind::TooLarge,
                "too_many_lines",
                format!("Send at most {most} lines at a time. Nothing of this batch was recorded."),
            ),
            Self::Span { most } => Problem::invalid(vec![FieldFault::at(
                "to",
                "out_of_range",
                format!("Choose an end after the start, at most {most} days later."),
            )]),
            Self::TooLarge(_) => Problem::plain(
                Kind::Invalid,
                "usage_too_large",
                "The use of these days adds up to more than can be shown. Choose fewer days.",
            ),
            Self::Zone(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
