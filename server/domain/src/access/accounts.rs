//! People: passwords, tokens, sessions (the storage side; cookies and headers are `auth`'s).
//!
//! Invariants:
//! - An unknown person and a wrong password get the same answer after the same time: both cost one Argon2 verification.
//! - Tries are counted before the password is looked at, so that many at once do not slip through; waits grow. They are
//!   counted by account and address: wrong tries of strangers do not keep a person out of a browser that is known.
//! - Of a token and of a session's id only the SHA-256 is kept. Secrets never reach the log.

mod change_password;
mod deactivate;
mod directory;
mod error;
mod password;
mod people;
mod security_events;
mod sessions;
mod sign_in;
mod throttle;
mod tokens;
mod watched_sessions;

pub use error::AccountsError;
pub use people::NewUser;
pub use security_events::Origin;
pub use sessions::StoredSession;
pub use sign_in::SignedIn;
pub use throttle::network_of;

use crate::core::Core;

/// The service of people.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) core: Core,
}

impl Accounts {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// People, for workers and the command line, which act for nobody.
#[derive(Clone)]
pub struct AccountOperations {
    core: Core,
}

impl AccountOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
