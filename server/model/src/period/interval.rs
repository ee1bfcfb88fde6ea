//! Half-open intervals of days and of instants: the start belongs to them, the end does not.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

/// Days from `start` up to but not including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DateRange {
    /// First day.
    pub start: NaiveDate,
    /// The day after the last.
    pub end: NaiveDate,
}

impl DateRange {
    /// The range, or `None` where it ends before it starts.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// The number of days.
    pub fn days(self) -> u32 {
        u32::try_from((self.end - self.start).num_days()).unwrap_or(0)
    }

    /// No day is in it.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// `date` is in it.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.start <= date && date < self.end
    }

    /// The days that are in both; `None` if there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let common = Self {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        };
        (!common.is_empty()).then_some(common)
    }

    /// The last day that is in it; the start for an empty range.
    pub fn last_day(self) -> NaiveDate {
        if self.is_empty() {
            self.start
        } else {
            self.end.pred_opt().unwrap_or(self.start)
        }
    }

    /// From midnight of the first day to midnight after the last.
    pub fn window(self) -> Window {
        Window {
            start: self.start.and_time(NaiveTime::MIN),
            end: self.end.and_time(NaiveTime::MIN),
        }
    }
}

/// Instants from `start` up to but not including `end`, on one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// First instant.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-11-01T00:00:00"))]
    pub start: NaiveDateTime,
    /// The instant at which it is over.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-11-01T00:00:00"))]
    pub end: NaiveDateTime,
}

impl Window {
    /// The window, or `None` where it ends before it starts.
    pub fn new(start: NaiveDateTime, end: NaiveDateTime) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// No instant is in it.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// `at` is in it.
    pub fn contains(self, at: NaiveDateTime) -> bool {
        self.start <= at && at < self.end
    }

    /// What is in both; `None` if nothing is.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let common = Self {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        };
        (!common.is_empty()).then_some(common)
    }

    /// Without what of `other` lies at its start or its end.
    pub(crate) fn without(self, other: Self) -> Self {
        let mut rest = self;
        if other.start <= self.start && self.start < other.end && other.end < self.end {
            rest.start = other.end;
        } else if self.start < other.start && other.start < self.end && self.end <= other.end {
            rest.end = other.start;
        }
        rest
    }

    /// The days it touches, for printing: the end is the day after the last one touched.
    pub fn dates(self) -> DateRange {
        let midnight = self.end.time() == NaiveTime::MIN;
        let last = self.end.date();
        let end = if midnight {
            last
        } else {
            last.succ_opt().unwrap_or(last)
        };
        DateRange {
            start: self.start.date(),
            end: end.max(self.start.date()),
        }
    }
}
