//! Usage: what backends and providers measured, event by event, and its sums by day.
//!
//! Invariants:
//! - Events are append-only. A key counts once per resource; the same key with anything else about it is a correction: a
//!   new event that names the one it replaces, which stays but counts no more.
//! - `usage_days` is at any time the sum of the events that count. Both are written in one transaction under the
//!   resource's row lock.
//! - A day is a day of the buyer's billing time zone, because that is what months of invoices are made of.
//!
//! Decisions where the design is silent:
//! - A window that crosses midnight is divided among its days in proportion to time; the parts add up to the whole. A
//!   window is at most 31 days long, and may not end in the future.
//! - Each event keeps the days on which it counts; whoever moves to another zone keeps the days that were.
//! - A resource's life for usage is from the start of the day on which it was activated to the end of the day on which
//!   it ended: backends round, and the day is billed anyway. Days of grace after its last day are not billed, so use on
//!   them is refused; what a backend measures by itself is kept, to be seen.
//! - The cap of a component charged by use is its `max`, for its limit period by the calendar: all that counts in the
//!   period, whatever the keys. A correction that comes nearer to it is taken. For others `max` bounds what may be ordered
//!   and says nothing of use.
//! - Use is reported of what is charged by use, and of limits (what is used of them is shown, prepaid ones have overage).
//! - Reported and corrected can be what lies within the last 13 months, by the buyer's calendar: invoices look back as far.
//! - A faulty line is refused with its reason; the good lines of the same batch are kept.
//!
//! Read [`record`], then `validate` (what is refused) and `days` (how a window becomes days).

mod batch;
mod by_day;
mod days;
mod error;
mod fault;
mod life;
mod record;
mod report;
mod seal;
mod validate;

use crate::core::Core;

pub use by_day::DayReport;
pub use error::UsageError;
pub(crate) use report::may_see;
pub(crate) use seal::{LoggedUse, fingerprint};

/// The service of usage.
#[derive(Clone)]
pub struct Usage {
    core: Core,
}

impl Usage {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// What backends measured, for workers and the command line, which act for nobody.
#[derive(Clone)]
pub struct UsageOperations {
    core: Core,
}

impl UsageOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
