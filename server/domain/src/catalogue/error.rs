//! Refusals of the catalogue.

use model::{FieldFault, Kind, OfferingMoveRefused, Problem, Readiness};
use sea_orm::DbErr;

use crate::access::AccessError;
use crate::crypto::SealBroken;
use crate::db_error::db_problem;
use crate::page::BadCursor;
use crate::zone::UnknownZone;

/// Why the catalogue refused.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Input at fault.
    #[error("the input was not accepted")]
    Invalid(Vec<FieldFault>),
    /// Somebody else changed the offering since it was read.
    #[error("the offering was changed meanwhile")]
    ChangedMeanwhile,
    /// Some requirements are not met; all are listed, met or not.
    #[error("the offering is not ready")]
    NotReady(Vec<Readiness>),
    /// The state of the offering does not allow it.
    #[error(transparent)]
    Move(#[from] OfferingMoveRefused),
    /// It is archived, and this is nothing that those who have something of it need.
    #[error("the offering is archived")]
    Archived,
    /// Resources use it, so this part of it stays.
    #[error("{what} cannot be {done} any more")]
    InUse {
        /// What stays, for a person: "The code".
        what: &'static str,
        /// What cannot be done with it: "changed", "removed".
        done: &'static str,
        /// What uses it: "orders or resources use it".
        because: &'static str,
    },
    /// The version has begun, so charges may depend on it.
    #[error("the version has begun")]
    Begun,
    /// The change would leave an active offering without something it needs.
    #[error("an active offering must stay complete")]
    WouldBreak(Vec<Readiness>),
    /// The seller's time zone does not exist.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// A stored secret cannot be opened.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// A cursor of another list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl CatalogueError {
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
                "Somebody changed this offering in the meantime, so nothing was done. Look at how it is now, then do it again.",
            ),
            Self::NotReady(list) => unmet(
                list,
                "not_ready",
                "This offering cannot be published yet. The list says what is missing.",
            ),
            Self::WouldBreak(list) => unmet(
                list,
                "would_break",
                "Nothing was changed: this offering can be ordered, and this would leave it incomplete. Pause it, make all changes, then resume it.",
            ),
            Self::Move(refusal) => Problem::plain(
                Kind::Conflict,
                "wrong_state",
                format!("{}.", capitalised(&refusal.to_string())),
            ),
            Self::InUse { what, done, because } => Problem::plain(
                Kind::Conflict,
                "in_use",
                format!("{what} cannot be {done} any more, because {because}."),
            ),
            Self::Begun => Problem::plain(
                Kind::Conflict,
                "version_begun",
                "This version has begun, so it stays: what was sold at it keeps it. Publish another one.",
            ),
            Self::Archived => Problem::plain(
                Kind::Conflict,
                "offering_archived",
                "This offering is archived. Settings of its plugin can still be changed, versions to come withdrawn and prices corrected; nothing else of it can be changed any more.",
            ),
            Self::Seal(error) => Problem::plain(
                Kind::Internal,
                "seal_broken",
                format!("{}.", capitalised(&error.to_string())),
            ),
            Self::Cursor(error) => error.problem(),
            Self::Zone(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}

fn unmet(list: &[Readiness], code: &str, detail: &str) -> Problem {
    let missing = list.iter().filter(|line| !line.met);
    let fields = missing
        .map(|line| FieldFault::at(line.requirement.as_str(), "missing", line.detail.clone()))
        .collect();
    Problem {
        fields,
        ..Problem::plain(Kind::Conflict, code, detail)
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
