//! Refusals around webhooks.

use model::{FieldFault, Kind, Problem};
use sea_orm::DbErr;

use super::read::MOST_OF_A_SCOPE;
use crate::actor::AccessError;
use crate::crypto::SealBroken;
use crate::db_error::db_problem;
use crate::page::BadCursor;

/// Why something with a webhook was refused.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// What was typed.
    #[error("the webhook is not valid")]
    Invalid(Vec<FieldFault>),
    /// The scope has as many as it can have.
    #[error("there are enough webhooks already")]
    TooMany,
    /// Somebody changed it since it was read.
    #[error("the webhook changed meanwhile")]
    ChangedMeanwhile,
    /// The event is none of the webhook's, or is no longer kept.
    #[error("no such event of this webhook")]
    NoSuchEvent,
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// The cursor of the page is not one of ours.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl WebhookError {
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
                "too_many_webhooks",
                format!("There are {MOST_OF_A_SCOPE} webhooks here already. Remove one first."),
            ),
            Self::ChangedMeanwhile => Problem::plain(
                Kind::Conflict,
                "changed_meanwhile",
                "Somebody else changed this webhook meanwhile. Look at it again.",
            ),
            Self::NoSuchEvent => Problem::plain(
                Kind::NotFound,
                "event_not_found",
                "There is no such event, or this webhook is not told of it.",
            ),
            Self::Seal(_) => Problem::plain(
                Kind::Internal,
                "secret_unreadable",
                "The secret of this webhook cannot be read. Please tell the people who run this portal.",
            ),
            Self::Cursor(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
