//! Refusals around rules of approval and deputies.

use model::{FieldFault, Kind, MOST_APPROVAL_RULES, Problem};
use sea_orm::DbErr;

use crate::actor::AccessError;
use crate::db_error::db_problem;

/// Why something with a rule or a deputy was refused.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// What was typed.
    #[error("the rule is not valid")]
    Invalid(Vec<FieldFault>),
    /// The scope has as many as it can have.
    #[error("there are enough rules already")]
    TooMany,
    /// Somebody changed it since it was read.
    #[error("the rule changed meanwhile")]
    ChangedMeanwhile,
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl ApprovalError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Access(error) => error.problem(),
            Self::Invalid(faults) => Problem::invalid(faults.clone()),
            Self::TooMany => Problem::plain(
                Kind::Conflict,
                "too_many_approval_rules",
                format!("There are {MOST_APPROVAL_RULES} approval rules here already. Remove one first."),
            ),
            Self::ChangedMeanwhile => Problem::plain(
                Kind::Conflict,
                "changed_meanwhile",
                "Somebody else changed this rule meanwhile. Look at it again.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}
