//! Refusals around actions.

use model::{FieldFault, Kind, Problem};
use sea_orm::DbErr;

use crate::actor::AccessError;
use crate::crypto::SealBroken;
use crate::db_error::db_problem;
use crate::idempotency::IdempotencyError;
use crate::page::BadCursor;
use crate::provisioning::ProvisioningError;

/// Why something with an action was refused.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The resource does not have it.
    #[error("the resource has no such action")]
    NoSuchAction,
    /// Nobody asked for it, or it is not yours.
    #[error("there is no such action, or it is not yours")]
    NotFound,
    /// Not as things are now.
    #[error("not possible now: {0}")]
    NotPossible(String),
    /// What was filled in.
    #[error("the input is not valid")]
    Invalid(Vec<FieldFault>),
    /// Its end has been told already, otherwise.
    #[error("the action has ended")]
    Over,
    /// The key of a repeated request.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// The cursor of the page is not one of ours.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The resource.
    #[error(transparent)]
    Resource(#[from] ProvisioningError),
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl ActionError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Access(error) => error.problem(),
            Self::NoSuchAction => Problem::plain(
                Kind::NotFound,
                "action_unknown",
                "This resource has no such action. What it has stands on its page.",
            ),
            Self::NotFound => Problem::plain(
                Kind::NotFound,
                "action_not_found",
                "There is no such action, or it is not yours.",
            ),
            Self::NotPossible(why) => Problem::plain(Kind::Conflict, "action_not_possible", why),
            Self::Invalid(faults) => Problem::invalid(faults.clone()),
            Self::Over => Problem::plain(
                Kind::Conflict,
                "action_over",
                "This action has ended meanwhile. Look at what became of it.",
            ),
            Self::Idempotency(error) => error.problem(),
            Self::Cursor(error) => error.problem(),
            Self::Resource(error) => error.problem(),
            Self::Seal(_) => Problem::plain(
                Kind::Internal,
                "secret_unreadable",
                "A secret of this action cannot be read. Please tell the people who run this portal.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}
