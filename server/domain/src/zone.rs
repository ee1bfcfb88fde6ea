//! The time zone in which an organization is billed: from instants to its days and back.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use entity::organization;
use model::{Kind, Problem};

/// A time zone that was stored but does not exist. Guessing another would bill other days than the buyer expects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the time zone “{name}” of organization {organization} does not exist")]
pub struct UnknownZone {
    /// The organization's name.
    pub organization: String,
    /// Its time zone, as stored.
    pub name: String,
}

impl UnknownZone {
    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        let detail = format!(
            "The time zone “{}” of {} does not exist. Correct it in the organization's settings and try again.",
            self.name, self.organization
        );
        Problem::plain(Kind::Conflict, "unknown_time_zone", detail)
    }
}

/// A billing time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zone(Tz);

impl Zone {
    /// The zone in which `organization` is billed.
    pub(crate) fn of(organization: &organization::Model) -> Result<Self, UnknownZone> {
        Self::stored(&organization.time_zone, &organization.name)
    }

    /// The zone that an organization has stored under `name`.
    pub(crate) fn stored(name: &str, organization: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_no_such_zone| UnknownZone {
            organization: organization.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The wall-clock time of an instant.
    pub(crate) fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.0).naive_local()
    }

    /// The day of an instant.
    pub(crate) fn day(self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The first instant of a day. Where clocks skip midnight, the first that exists; where it comes twice, the earlier.
    pub(crate) fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let mut quarters = (0..=12).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
        let first = quarters.find_map(|time| self.0.from_local_datetime(&time).earliest());
        first.map_or_else(|| midnight.and_utc(), |first| first.with_timezone(&Utc))
    }

    /// The first instant after a day.
    pub(crate) fn end_of(self, day: NaiveDate) -> DateTime<Utc> {
        self.start_of(day.checked_add_days(Days::new(1)).unwrap_or(day))
    }
}

#[cfg(test)]
impl Zone {
    pub(crate) fn named(name: &str) -> Self {
        Self(name.parse().unwrap())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_local_midnight() {
        let tallinn = Zone::named("Europe/Tallinn");
        let day: NaiveDate = "2025-01-15".parse().unwrap();
        assert_eq!(tallinn.start_of(day).to_rfc3339(), "2025-01-14T22:00:00+00:00");
        assert_eq!(tallinn.day(tallinn.start_of(day)), day);
        assert_eq!(tallinn.end_of(day), tallinn.start_of(day.succ_opt().unwrap()));
    }

    #[test]
    fn a_midnight_that_clocks_skip_is_replaced_by_the_first_instant_of_the_day() {
        let beirut = Zone::named("Asia/Beirut");
        let day: NaiveDate = "2024-03-31".parse().unwrap();
        assert_eq!(beirut.start_of(day).to_rfc3339(), "2024-03-30T22:00:00+00:00");
        assert_eq!(
            beirut.local(beirut.start_of(day)).to_string(),
            "2024-03-31 01:00:00"
        );
    }
}
