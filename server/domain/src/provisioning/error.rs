//! What can go wrong with resources.

use model::{Kind, Problem, ResourceMoveRefused};
use sea_orm::DbErr;

use crate::access::AccessError;
use crate::crypto::SealBroken;
use crate::db_error::db_problem;
use crate::zone::UnknownZone;

/// A refusal or failure around resources.
#[derive(Debug, thiserror::Error)]
pub enum ProvisioningError {
    /// It does not exist, or is not yours.
    #[error("there is no such resource, or it is not yours")]
    NotFound,
    /// Its state does not allow this.
    #[error(transparent)]
    Move(#[from] ResourceMoveRefused),
    /// A backend answered something that does not fit what it was asked: "gone" to a creation, "ready" to a termination.
    #[error("the backend's answer does not fit what it was asked for")]
    WrongOutcome,
    /// The cursor of a page is not one of ours.
    #[error(transparent)]
    Cursor(#[from] crate::page::BadCursor),
    /// Access was refused.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A stored secret cannot be opened.
    #[error("a stored secret cannot be opened")]
    Secret(#[from] SealBroken),
    /// The buyer's time zone does not exist.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl ProvisioningError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(
                Kind::NotFound,
                "resource_not_found",
                "There is no such resource, or it is not yours.",
            ),
            Self::Move(refused) => Problem::plain(Kind::Conflict, "resource_state", model::sentence(refused)),
            Self::WrongOutcome => Problem::plain(
                Kind::Conflict,
                "wrong_outcome",
                "The backend's answer does not fit what it was asked for. Nothing was changed.",
            ),
            Self::Cursor(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Zone(error) => error.problem(),
            Self::Secret(_) => Problem::plain(
                Kind::Internal,
                "secret_unreadable",
                "A stored secret cannot be read. Please tell the people who run this portal.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}
