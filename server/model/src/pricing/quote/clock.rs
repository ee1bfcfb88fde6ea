//! The clock of the place where a buyer's invoices are counted. Days are those of the place; hours are counted in UTC, where
//! every hour is an hour long even when clocks change.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// By how much the clocks of a place are ahead of UTC, from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockOffset {
    /// From this time on, as the clocks show it then.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2027-10-31T03:00:00"))]
    pub from: NaiveDateTime,
    /// Seconds; below zero west of Greenwich.
    pub seconds: i32,
}

/// A time of the place in UTC. Before the first offset the first counts; without any, clocks never change.
pub(super) fn utc(clock: &[ClockOffset], local: NaiveDateTime) -> NaiveDateTime {
    let since = clock.iter().rev().find(|offset| offset.from <= local);
    let seconds = since.or(clock.first()).map_or(0, |offset| offset.seconds);
    local - TimeDelta::seconds(seconds.into())
}

/// What the clocks of the place show at an instant; none without a clock.
pub(super) fn local(clock: &[ClockOffset], at: DateTime<Utc>) -> Option<NaiveDateTime> {
    let utc = at.naive_utc();
    let shown = |offset: &ClockOffset| {
        let ahead = TimeDelta::seconds(offset.seconds.into());
        utc.checked_add_signed(ahead).unwrap_or(utc)
    };
    let since = clock.iter().rev().find(|offset| offset.from <= shown(offset));
    since.or(clock.first()).map(shown)
}
