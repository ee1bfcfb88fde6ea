//! How resources and orders tell times.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A time as people read it, in their zone: `14 March 2025, 10:30`.
pub(crate) fn time_for(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).format("%-d %B %Y, %H:%M").to_string()
}
