//! Days of the calendar.

use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS: u64 = 86_400;
/// Days of four hundred years.
const ERA: u64 = 146_097;

/// The day so many days from today, as `2026-11-27`.
pub(crate) fn day_in(days: u64) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    day(since.as_secs() / SECONDS + days)
}

/// A day since the first of January 1970. Years are counted from the first of March, so that a leap day is their last.
fn day(number: u64) -> String {
    let number = number + 719_468;
    let (era, of_era) = (number / ERA, number % ERA);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + later)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_calendar() {
        let cases = [
            (0, "1970-01-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_784, "2026-11-27"),
            (20_819, "2027-01-01"),
        ];
        for (number, expected) in cases {
            assert_eq!(day(number), expected);
        }
    }
}
