//! Small pieces of wording that resources and orders share.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A refusal as a sentence: begins with a capital, ends with a full stop.
pub(crate) fn sentence(refusal: &impl Display) -> String {
    let text = refusal.to_string();
    let mut rest = text.chars();
    let capital: String = rest
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{capital}{}{stop}", rest.as_str())
}

/// A time as people read it, in their zone: `14 March 2025, 10:30`.
pub(crate) fn time_for(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).format("%-d %B %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_become_sentences() {
        assert_eq!(sentence(&"this is over"), "This is over.");
        assert_eq!(sentence(&"Écoutez!"), "Écoutez!");
        assert_eq!(sentence(&""), ".");
    }
}
