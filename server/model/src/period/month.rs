//! A calendar month, written `2025-01`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::DateRange;

/// A calendar month. Holds its first day, so that turning it into dates cannot fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "orm", sea_orm(value_type = "String", column_type = "Text"))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "2025-01", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"))]
pub struct Month(NaiveDate);

/// Not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is not a month; write it like 2025-01")]
pub struct MonthError;

/// Whether both databases know the days of this year, and in their order: 1 to 9999.
pub fn is_known_year(year: i32) -> bool {
    (1..=9999).contains(&year)
}

impl Month {
    /// The month of a year from 1 to 9999; `None` outside.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        if !is_known_year(year) {
            return None;
        }
        NaiveDate::from_ymd_opt(year, month, 1).map(Self)
    }

    /// The month in which `date` is.
    pub fn containing(date: NaiveDate) -> Self {
        Self(date.with_day(1).unwrap_or(date))
    }

    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        self.next().0.pred_opt().unwrap_or(self.0)
    }

    /// The number of days, 28 to 31.
    pub fn days(self) -> u32 {
        self.last_day().day()
    }

    /// The month after. Stays where it is at the calendar's end, some 260,000 years from now.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0))
    }

    /// The month before.
    #[must_use]
    pub fn prev(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    /// Its days as a half-open interval.
    pub fn range(self) -> DateRange {
        DateRange {
            start: self.0,
            end: self.next().0,
        }
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// 1 for January.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// For headings: `January 2025`.
    pub fn title(self) -> String {
        self.0.format("%B %Y").to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let digits =
            |piece: &str, length: usize| piece.len() == length && piece.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(MonthError);
        }
        let year = year.parse().map_err(|_not_reached| MonthError)?;
        let month = month.parse().map_err(|_not_reached| MonthError)?;
        Self::new(year, month).ok_or(MonthError)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(feature = "orm")]
impl sea_orm::TryFromU64 for Month {
    /// Months stand in keys of more than one column, which no database makes up.
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("Month"))
    }
}
