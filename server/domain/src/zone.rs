//! The calendar in which an organization is billed: from instants to its days and months and back.
//!
//! An organization that moves to another time zone keeps the days that it had. The month from which the new zone counts
//! begins at the instant at which the month before ended in the old one, so its first day is longer or shorter than
//! others, and no instant lies in two days or in none.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use entity::organization::{self, StoredZones};
use model::{ClockOffset, Kind, Month, Problem};

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

/// The days and months of an organization, over all time zones that it has had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    first: Tz,
    /// Oldest first.
    later: Arc<[Era]>,
}

/// The time in which one zone counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Era {
    first_day: NaiveDate,
    starts_at: DateTime<Utc>,
    tz: Tz,
}

impl Zone {
    /// The calendar by which `organization` is billed.
    pub(crate) fn of(organization: &organization::Model) -> Result<Self, UnknownZone> {
        Self::stored(&organization.zones, &organization.name)
    }

    /// The calendar of what an organization has stored.
    pub(crate) fn stored(zones: &StoredZones, organization: &str) -> Result<Self, UnknownZone> {
        let parsed = |name: &str| {
            name.parse::<Tz>().map_err(|_no_such_zone| UnknownZone {
                organization: organization.to_owned(),
                name: name.to_owned(),
            })
        };
        let (base, moves) = zones.0.split_first().ok_or_else(|| UnknownZone {
            organization: organization.to_owned(),
            name: String::new(),
        })?;
        let mut zone = Self {
            first: parsed(&base.name)?,
            later: Arc::default(),
        };
        for since in moves {
            let Some(month) = since.from else { continue };
            zone = zone.moving(month, parsed(&since.name)?);
        }
        Ok(zone)
    }

    /// The same, with the months from `month` on counted in another zone.
    fn moving(&self, month: Month, tz: Tz) -> Self {
        let first_day = month.first_day();
        let era = Era {
            first_day,
            starts_at: self.start_of(first_day),
            tz,
        };
        Self {
            first: self.first,
            later: self.later.iter().copied().chain([era]).collect(),
        }
    }

    /// The same without the moves that counted from a later day than this one: what was known of the calendar on that day.
    pub(crate) fn as_of(&self, day: NaiveDate) -> Self {
        let later = self.later.iter().copied().filter(|era| era.first_day <= day);
        Self {
            first: self.first,
            later: later.collect(),
        }
    }

    /// The wall-clock time of an instant. In a first day that is longer than a day of its zone, that time goes slower,
    /// so that all of it lies in the day and what comes later stays later.
    pub(crate) fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let Some(era) = self.later.iter().rev().find(|era| era.starts_at <= at) else {
            return at.with_timezone(&self.first).naive_local();
        };
        let natural = at.with_timezone(&era.tz).naive_local();
        let midnight = era.first_day.and_time(NaiveTime::MIN);
        let end = start_in(era.tz, following(era.first_day));
        if era.starts_at >= start_in(era.tz, era.first_day) || at >= end {
            return natural;
        }
        let micros = |span: TimeDelta| i128::from(span.num_microseconds().unwrap_or(i64::MAX));
        let day = micros(TimeDelta::days(1));
        let scaled = micros(at - era.starts_at) * day / micros(end - era.starts_at).max(1);
        midnight + TimeDelta::microseconds(i64::try_from(scaled.min(day - 1)).unwrap_or_default())
    }

    /// The day to which an instant belongs: the one place that says so.
    pub(crate) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The month to which an instant belongs.
    pub(crate) fn month(&self, at: DateTime<Utc>) -> Month {
        Month::containing(self.day(at))
    }

    /// The first instant of a day. Where clocks skip midnight, the first that exists; where it comes twice, the earlier.
    pub(crate) fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        match self.later.iter().rev().find(|era| era.first_day <= day) {
            None => start_in(self.first, day),
            Some(era) if era.first_day == day => era.starts_at,
            Some(era) => start_in(era.tz, day).max(era.starts_at),
        }
    }

    /// By how much the clocks are ahead of UTC, from the year of `day` to the end of the second after it: what a quote for
    /// that day can reach.
    pub(crate) fn clock(&self, day: NaiveDate) -> Vec<ClockOffset> {
        let first = NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day);
        let mut known = self.start_of(first);
        let mut clock = vec![ClockOffset {
            from: first.and_time(NaiveTime::MIN),
            seconds: self.ahead(known),
        }];
        // No place changes its clocks twice within a week.
        for week in first
            .iter_weeks()
            .take_while(|week| week.year() <= day.year() + 2)
        {
            let (at, seconds) = (self.start_of(week), self.ahead(self.start_of(week)));
            if clock.last().is_some_and(|last| last.seconds != seconds) {
                let from = self.local(self.since(known, at));
                clock.push(ClockOffset { from, seconds });
            }
            known = at;
        }
        clock
    }

    /// The first minute with the offset of `then`, which `before` does not have.
    fn since(&self, before: DateTime<Utc>, then: DateTime<Utc>) -> DateTime<Utc> {
        let seconds = self.ahead(then);
        let (mut low, mut high) = (0, (then - before).num_minutes());
        while low + 1 < high {
            let middle = low.midpoint(high);
            if self.ahead(before + TimeDelta::minutes(middle)) == seconds {
                high = middle;
            } else {
                low = middle;
            }
        }
        before + TimeDelta::minutes(high)
    }

    fn ahead(&self, at: DateTime<Utc>) -> i32 {
        let ahead = (self.local(at) - at.naive_utc()).num_seconds();
        i32::try_from(ahead).unwrap_or_default()
    }

    /// The day that begins at an instant; none where it is another time of the day.
    pub(crate) fn day_begun(&self, at: DateTime<Utc>) -> Option<NaiveDate> {
        Some(self.day(at)).filter(|day| self.start_of(*day) == at)
    }

    /// The first instant after a day.
    pub(crate) fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        self.start_of(following(day))
    }
}

/// Whether there is a time zone of this IANA name.
pub(crate) fn is_known(name: &str) -> bool {
    name.parse::<Tz>().is_ok()
}

/// The day that it is at `now` where clocks are set furthest west on Earth, and where furthest east.
pub(crate) fn days_on_earth(now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let shifted = |hours| (now + TimeDelta::hours(hours)).date_naive();
    (shifted(-12), shifted(14))
}

/// The first month that is over for nobody on Earth at `now`: what is saved now may hold for it and later ones only.
pub(crate) fn first_open_month(now: DateTime<Utc>) -> Month {
    Month::containing(days_on_earth(now).1)
}

fn following(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

/// The first instant after `day` in a time zone: a last day counts whole. Where the clock leaves out midnight, the next day
/// begins when it goes on.
pub fn end_of_day(tz: Tz, day: NaiveDate) -> DateTime<Utc> {
    start_in(tz, following(day))
}

/// The first instant of the day `first` in a time zone, and the first one after `last`.
pub(crate) fn days_between(tz: Tz, first: NaiveDate, last: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    (start_in(tz, first), end_of_day(tz, last))
}

fn start_in(tz: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let mut quarters = (0..=96).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
    let first = quarters.find_map(|time| tz.from_local_datetime(&time).earliest());
    first.map_or_else(|| midnight.and_utc(), |first| first.with_timezone(&Utc))
}

#[cfg(test)]
impl Zone {
    pub(crate) fn named(name: &str) -> Self {
        Self {
            first: name.parse().unwrap(),
            later: Arc::default(),
        }
    }

    pub(crate) fn moved(&self, month: &str, name: &str) -> Self {
        self.moving(month.parse().unwrap(), name.parse().unwrap())
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
    fn the_clock_of_a_place_is_told_by_the_minute_at_which_it_changes() {
        let told = |name: &str, day: &str| -> Vec<String> {
            let clock = Zone::named(name).clock(day.parse().unwrap());
            clock
                .iter()
                .map(|one| format!("{} {}", one.from, one.seconds))
                .collect()
        };
        let tallinn = told("Europe/Tallinn", "2027-05-05");
        assert_eq!(
            tallinn[..3],
            [
                "2027-01-01 00:00:00 7200",
                "2027-03-28 04:00:00 10800",
                "2027-10-31 03:00:00 7200"
            ]
        );
        assert_eq!(tallinn.len(), 7, "two changes a year, in three years");
        assert_eq!(
            told("Asia/Kathmandu", "2027-05-05"),
            ["2027-01-01 00:00:00 20700"]
        );
        assert_eq!(
            told("Australia/Lord_Howe", "2027-05-05")[1],
            "2027-04-04 01:30:00 37800"
        );
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

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn moving_east_shortens_the_first_day_of_the_month() {
        let zone = Zone::named("UTC").moved("2025-01", "Asia/Tokyo");
        // In Tokyo this is the morning of 1 January, but December had it.
        assert_eq!(
            zone.local(at("2024-12-31T20:00:00Z")).to_string(),
            "2024-12-31 20:00:00"
        );
        assert_eq!(zone.month(at("2024-12-31T23:59:59Z")).to_string(), "2024-12");
        assert_eq!(
            zone.local(at("2025-01-01T00:00:00Z")).to_string(),
            "2025-01-01 09:00:00"
        );
        assert_eq!(
            zone.start_of("2025-01-01".parse().unwrap()),
            at("2025-01-01T00:00:00Z")
        );
        assert_eq!(
            zone.start_of("2025-01-02".parse().unwrap()),
            at("2025-01-01T15:00:00Z")
        );
        assert_eq!(
            zone.end_of("2024-12-31".parse().unwrap()),
            at("2025-01-01T00:00:00Z")
        );
    }

    #[test]
    fn moving_west_lengthens_it() {
        let zone = Zone::named("Asia/Tokyo").moved("2025-01", "UTC");
        let first = "2025-01-01".parse().unwrap();
        assert_eq!(zone.start_of(first), at("2024-12-31T15:00:00Z"));
        assert_eq!(zone.end_of(first), at("2025-01-02T00:00:00Z"), "33 hours");
        assert_eq!(
            zone.local(at("2024-12-31T15:00:00Z")).to_string(),
            "2025-01-01 00:00:00"
        );
        assert_eq!(
            zone.local(at("2025-01-01T07:30:00Z")).to_string(),
            "2025-01-01 12:00:00"
        );
        assert_eq!(zone.day(at("2025-01-01T23:59:59.999999Z")), first);
        assert_eq!(
            zone.local(at("2025-01-02T00:00:00Z")).to_string(),
            "2025-01-02 00:00:00"
        );
    }

    #[test]
    fn every_instant_has_one_day_and_days_follow_each_other_wherever_one_moves() {
        let zones = [
            "Pacific/Kiritimati",
            "Etc/GMT+12",
            "UTC",
            "America/New_York",
            "Asia/Kolkata",
        ];
        for (from, to) in zones
            .iter()
            .flat_map(|from| zones.iter().map(move |to| (from, to)))
        {
            let zone = Zone::named(from).moved("2025-03", to).moved("2025-05", from);
            let mut before = zone.local(at("2025-02-26T00:00:00Z"));
            for half_hour in 1..4_000 {
                let instant = at("2025-02-26T00:00:00Z") + TimeDelta::minutes(30 * half_hour);
                let local = zone.local(instant);
                let day = local.date();
                assert!(
                    local > before || local.date() == before.date(),
                    "{from} to {to}: {before}, {local}"
                );
                assert!(
                    zone.start_of(day) <= instant && instant < zone.end_of(day),
                    "{from} to {to}: {instant} {day}"
                );
                before = local;
            }
        }
    }
}
