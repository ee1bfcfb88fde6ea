//! Time and ids. Services never ask the operating system for either, so that tests can set both.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;

    /// Whether it follows the machine's clock, which is never quite that of other machines: what several processes must agree
    /// on then goes by the database's. A clock that is set (tests, content of the past) goes for everything.
    fn is_of_machine(&self) -> bool {
        false
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the machine for the time"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn is_of_machine(&self) -> bool {
        true
    }
}

/// Makes ids that sort in the order in which they were made, even within one millisecond.
pub(crate) struct Ids {
    sequence: Mutex<ContextV7>,
}

impl Default for Ids {
    fn default() -> Self {
        Self {
            sequence: Mutex::new(ContextV7::new()),
        }
    }
}

impl Ids {
    pub(crate) fn next(&self, now: DateTime<Utc>) -> Uuid {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(
            &self.sequence,
            seconds,
            now.timestamp_subsec_nanos(),
        ))
    }
}
