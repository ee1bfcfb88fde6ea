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
    /// The person has [`super::MOST_KEYS`] answers kept already.
    #[error("too many answers are kept")]
    TooMany,
    /// The person has lost a role since the answer was given.
    #[error("a role was lost since the answer was given")]
    Withheld,
    /// The answer is longer than [`super::LONGEST_ANSWER`]; what it tells of is undone.
    #[error("the answer is too long to be kept")]
    AnswerTooLong,
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
            Self::TooMany => Problem::plain(
                Kind::Throttled,
                "idempotency_keys_used_up",
                "You used more idempotency keys within a day than answers are kept. Wait until the oldest are a day old.",
            )
            .after(3_600),
            Self::Withheld => Problem::plain(
                Kind::Forbidden,
                "idempotency_answer_withheld",
                "This was done when the idempotency key was first used. You have lost a role since then, so the answer is not given again.",
            ),
            Self::AnswerTooLong => Problem::plain(
                Kind::TooLarge,
                "idempotency_answer_too_large",
                "The answer would be larger than what is kept under an idempotency key, so nothing was done. Send less at once.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}
