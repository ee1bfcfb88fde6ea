//! Which instants a day has, for somebody who may move from one time zone to another at the turn of a month.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use model::Month;

use super::At;

/// The days of a buyer. Where the zone changes, the new month begins at the instant at which the old one ended.
#[derive(Debug, Clone)]
pub struct Calendar {
    first: Tz,
    moves: Vec<(Month, Tz)>,
}

impl Calendar {
    pub fn new(zone: &str) -> Self {
        Self {
            first: parsed(zone),
            moves: Vec::new(),
        }
    }

    /// From `month` on the days are those of another zone. A later word about the same month counts.
    pub fn move_to(&mut self, month: Month, zone: &str) {
        self.moves.retain(|(known, _)| *known < month);
        self.moves.push((month, parsed(zone)));
    }

    /// What was known of it in a month: who moves later had not moved.
    #[must_use]
    pub fn known_in(&self, month: Month) -> Self {
        let moves = self.moves.iter().filter(|(from, _)| *from <= month);
        Self {
            first: self.first,
            moves: moves.copied().collect(),
        }
    }

    /// The zone of a month.
    pub fn zone(&self, month: Month) -> Tz {
        let last = self.moves.iter().rev().find(|(from, _)| *from <= month);
        last.map_or(self.first, |(_, zone)| *zone)
    }

    /// The first instant of a day.
    pub fn start(&self, day: NaiveDate) -> At {
        let month = Month::containing(day);
        let begins = midnight(self.zone(month.prev()), month.first_day());
        if day == month.first_day() {
            return begins;
        }
        // After a move the days of the new zone may have begun before the old month ended.
        let own = midnight(self.zone(month), day).max(begins);
        let ends = midnight(self.zone(month), month.next().first_day());
        own.min(ends)
    }

    /// The first instant after a day.
    pub fn end(&self, day: NaiveDate) -> At {
        self.start(next(day))
    }

    /// The day of an instant.
    pub fn day(&self, at: At) -> NaiveDate {
        let guess = at.date_naive();
        let mut day = guess.checked_sub_days(Days::new(3)).unwrap_or(guess);
        while self.end(day) <= at {
            day = next(day);
        }
        day
    }
}

pub(super) fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1))
        .expect("no life lasts that long")
}

/// The first instant that shows this date. Where clocks skip midnight, what they show first; where they skip the whole
/// day, the instant at which they do.
fn midnight(zone: Tz, day: NaiveDate) -> At {
    let start = day.and_time(NaiveTime::MIN);
    let minutes = (0..=24 * 60).map(|minute| start + TimeDelta::minutes(minute));
    let mut shown = minutes.filter_map(|time| zone.from_local_datetime(&time).earliest());
    let first: DateTime<Tz> = shown.next().expect("clocks go on within a day");
    first.with_timezone(&Utc)
}

fn parsed(zone: &str) -> Tz {
    zone.parse().expect("a time zone")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn nothing_is_lost_or_doubled_where_somebody_moves() {
        for (from, to) in [
            ("UTC", "Asia/Tokyo"),
            ("Asia/Tokyo", "UTC"),
            ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
            ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
        ] {
            let mut calendar = Calendar::new(from);
            calendar.move_to("2025-01".parse().expect("a month"), to);
            let mut at = day("2024-12-28");
            while at < day("2025-01-05") {
                assert!(calendar.start(at) <= calendar.end(at), "{from} {to} {at}");
                assert_eq!(calendar.end(at), calendar.start(next(at)), "{from} {to} {at}");
                at = next(at);
            }
        }
    }

    #[test]
    fn a_skipped_day_has_no_instant() {
        let samoa = Calendar::new("Pacific/Apia");
        assert_eq!(samoa.start(day("2011-12-30")), samoa.end(day("2011-12-30")));
        assert_eq!(
            samoa.start(day("2011-12-31")).to_rfc3339(),
            "2011-12-30T10:00:00+00:00"
        );
    }
}
