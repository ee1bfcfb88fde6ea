//! Days and instants of requests lie in the years that both databases know. Which texts are days the description says, so
//! this holds for every parameter and field without its doing.

use chrono::{DateTime, Datelike, NaiveDate};
use model::{FieldFault, is_known_year};

const MESSAGE: &str = "Choose a time in the years 1 to 9999.";

/// The fault of a text that its shape says is a day (`date`) or an instant (`date-time`). What is neither is told by
/// whoever reads it.
pub(super) fn fault(format: Option<&str>, text: &str, path: &str) -> Option<FieldFault> {
    let year = match format? {
        "date" => text.parse::<NaiveDate>().ok()?.year(),
        "date-time" => DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            .or_else(|_| text.parse::<DateTime<chrono::Utc>>())
            .ok()?
            .year(),
        _ => return None,
    };
    (!is_known_year(year)).then(|| FieldFault::at(path, "out_of_range", MESSAGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_and_instants_have_years() {
        for (format, text) in [
            ("date", "-9999-01-01"),
            ("date", "+10000-01-01"),
            ("date", "0000-12-31"),
            ("date-time", "-9999-01-01T00:00:00Z"),
            ("date-time", "+10000-01-01T00:00:00Z"),
        ] {
            assert!(fault(Some(format), text, "x").is_some(), "{text}");
            assert_eq!(fault(None, text, "x"), None, "{text}");
        }
        assert_eq!(fault(Some("date"), "9999-12-31", "x"), None);
        assert_eq!(fault(Some("date"), "soon", "x"), None);
        assert_eq!(fault(Some("date-time"), "0001-01-01T00:00:00Z", "x"), None);
    }
}
