//! Refusals of accounts.

use chrono::TimeDelta;
use model::{FieldFault, Kind, Problem};
use sea_orm::DbErr;

use crate::access::AccessError;
use crate::db_error::db_problem;
use crate::page::BadCursor;

/// After this many seconds, what waited has been looked at.
const BUSY_SECONDS: u32 = 5;

/// Why an account, a password or a token was refused.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// Unknown person, wrong password, or an unknown, revoked or expired token: all answer alike.
    #[error("the credentials were not accepted")]
    Rejected,
    /// Too many tries from here or on this account.
    #[error("too many tries")]
    Throttled {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// More passwords wait to be looked at than this process takes at once; nothing was looked at or counted.
    #[error("too many passwords wait to be looked at")]
    Busy,
    /// Ways in are changed only soon after the password was typed in the same browser.
    #[error("the password must be typed again")]
    SignInAgain,
    /// Nobody deactivates themselves.
    #[error("nobody deactivates themselves")]
    OwnAccount,
    /// Input at fault.
    #[error("the input was not accepted")]
    Invalid(Vec<FieldFault>),
    /// Passwords and tokens are changed in a browser session only.
    #[error("a token cannot be used for this")]
    BrowserOnly,
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The browser's session could not be read or written.
    #[error("the session failed: {0}")]
    Session(String),
    /// A password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// A cursor of another list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl AccountsError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Rejected => Problem::plain(
                Kind::Unauthenticated,
                "credentials_rejected",
                "That did not work. Check the e-mail address and the password, or the token, and try again.",
            ),
            Self::Throttled { retry_after } => {
                let seconds = retry_after.num_seconds().max(1);
                let wait = if seconds < 120 {
                    format!("{seconds} seconds")
                } else {
                    format!("{} minutes", seconds.div_euclid(60) + 1)
                };
                Problem::plain(
                    Kind::Throttled,
                    "throttled",
                    format!("Too many tries. Please wait {wait}, then try again."),
                )
                .after(u32::try_from(seconds).unwrap_or(u32::MAX))
            }
            Self::Busy => Problem::plain(
                Kind::Throttled,
                "busy",
                "Very many people sign in just now. Please wait a few seconds, then try again.",
            )
            .after(BUSY_SECONDS),
            Self::SignInAgain => Problem::plain(
                Kind::Forbidden,
                "sign_in_again",
                "Type your password again first: this changes how somebody can get in as you.",
            ),
            Self::OwnAccount => Problem::plain(
                Kind::Conflict,
                "own_account",
                "This is your own account. Ask somebody else of the staff to deactivate it.",
            ),
            Self::Invalid(faults) => Problem::invalid(faults.clone()),
            Self::BrowserOnly => Problem::plain(
                Kind::Forbidden,
                "browser_only",
                "For your safety this works only after signing in to the portal, not with a token.",
            ),
            Self::Access(error) => error.problem(),
            Self::Session(_) => Problem::plain(
                Kind::Unavailable,
                "session",
                "Your session could not be read just now. Try again in a moment.",
            ),
            Self::Hash(_) => Problem::plain(
                Kind::Internal,
                "internal",
                "Something went wrong on our side. Nothing was saved. Please try again.",
            ),
            Self::Cursor(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
