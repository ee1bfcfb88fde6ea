//! From a window to the days it touches.

use chrono::{DateTime, NaiveDate, Utc};
use model::Fixed;

use crate::zone::Zone;

/// `quantity` divided among the days of the half-open window, in proportion to time. The parts add up to the whole.
pub(super) fn divide(
    zone: &Zone,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    quantity: Fixed,
) -> Vec<(NaiveDate, Fixed)> {
    let length = i128::from((until - from).num_microseconds().unwrap_or(i64::MAX)).max(1);
    let mut parts = Vec::new();
    let (mut start, mut given) = (from, 0_i64);
    while start < until {
        let day = zone.day(start);
        let end = zone.end_of(day).min(until);
        let elapsed = i128::from((end - from).num_microseconds().unwrap_or(i64::MAX));
        // Of what was reached by the end of the day, so that roundings never add up; at most the quantity itself.
        let reached =
            i64::try_from(i128::from(quantity.nanos()) * elapsed / length).unwrap_or(quantity.nanos());
        parts.push((day, Fixed::from_nanos(reached - given)));
        if end <= start {
            break;
        }
        (start, given) = (end, reached);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn parts(zone: &str, from: &str, until: &str, quantity: &str) -> Vec<String> {
        let parts = divide(&Zone::named(zone), at(from), at(until), quantity.parse().unwrap());
        parts
            .iter()
            .map(|(day, quantity)| format!("{day} {quantity}"))
            .collect()
    }

    #[test]
    fn a_window_within_a_day_stays_whole() {
        assert_eq!(
            parts("UTC", "2025-01-15T10:00:00Z", "2025-01-16T00:00:00Z", "7"),
            ["2025-01-15 7"]
        );
    }

    #[test]
    fn a_window_over_midnight_is_divided_by_time() {
        let zone = "Europe/Tallinn";
        let split = parts(zone, "2025-01-15T21:00:00Z", "2025-01-16T00:00:00Z", "3");
        assert_eq!(split, ["2025-01-15 1", "2025-01-16 2"]);
    }

    #[test]
    fn nothing_is_lost_in_division() {
        let quantity: Fixed = "0.000000100".parse().unwrap();
        let parts = divide(
            &Zone::named("UTC"),
            at("2025-01-01T07:00:00Z"),
            at("2025-01-31T13:00:00Z"),
            quantity,
        );
        assert_eq!(parts.len(), 31);
        assert_eq!(
            parts.iter().map(|(_, part)| part.nanos()).sum::<i64>(),
            quantity.nanos()
        );
    }
}
