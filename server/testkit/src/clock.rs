//! Time that stands still until the test moves it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;

/// A clock that the test sets. Clones show the same time.
#[derive(Debug, Clone)]
pub struct FakeClock {
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl FakeClock {
    /// A clock at this time, as in `2026-03-14T09:00:00Z`.
    pub fn at(time: &str) -> Self {
        Self {
            now: Arc::new(Mutex::new(parse(time))),
        }
    }

    /// Moves to this time, forwards or backwards.
    pub fn set(&self, time: &str) {
        self.change(|now| *now = parse(time));
    }

    /// Moves forward.
    pub fn advance(&self, by: TimeDelta) {
        self.change(|now| *now += by);
    }

    fn change(&self, change: impl FnOnce(&mut DateTime<Utc>)) {
        change(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn parse(time: &str) -> DateTime<Utc> {
    time.parse().expect("a time such as 2026-03-14T09:00:00Z")
}
