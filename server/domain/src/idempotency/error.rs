//! Why a request with a key is refused.

use model::{Kind, Problem};
use sea_orm::DbErr;

use crate::db_error::db_problem;

/// Why a request with a key is refused.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The key was used for another request.
    #[error("the key was used for another request")]
    Clash,
    /// The first request with this key is still under way.
    #[error("the first request with this key has not ended")]
    UnderWay,
    /// It is none: see [`super::KEY_PATTERN`] and [`super::LONGEST_KEY`].
    #[error("a key has 1 to 200 printable ASCII characters")]
    BadKey,
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl IdempotencyError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Clash => Problem::plain(
                Kind::Conflict,
                "idempotency_key_reused",
                "This idempotency key was used for a different request. Choose a new key.",
            ),
            Self::UnderWay => Problem::plain(
                Kind::Conflict,
                "idempotency_under_way",
                "The first request with this idempotency key is still under way. Ask again in a moment.",
            ),
            Self::BadKey => Problem::plain(
                Kind::Invalid,
                "idempotency_key_invalid",
                "An idempotency key has 1 to 200 printable ASCII characters, with blanks inside only.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}
