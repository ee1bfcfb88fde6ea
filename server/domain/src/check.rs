//! Checking of input: every fault is collected, so that people mend a form once.

use chrono::{Datelike, NaiveDate};
use model::{FieldFault, REASON_LENGTH, is_known_year};
use serde_json::Value as Json;

use crate::text;

/// Collects the faults of one form or request body.
#[derive(Debug, Default)]
pub(crate) struct Check {
    faults: Vec<FieldFault>,
}

impl Check {
    /// Notes a fault.
    pub(crate) fn fault(&mut self, path: impl Into<String>, code: &str, message: impl Into<String>) {
        self.faults.push(FieldFault::at(path, code, message));
    }

    /// Notes a fault unless `holds`.
    pub(crate) fn ensure(&mut self, holds: bool, path: &str, code: &str, message: &str) {
        if !holds {
            self.fault(path, code, message);
        }
    }

    /// Takes over faults that were found elsewhere.
    pub(crate) fn extend(&mut self, faults: impl IntoIterator<Item = FieldFault>) {
        self.faults.extend(faults);
    }

    /// A line of text of 1 to `most` characters of which something can be seen; trimmed and composed.
    pub(crate) fn required(&mut self, path: &str, text: &str, most: usize) -> String {
        let text = self.line(path, text, most);
        self.ensure(text::is_visible(&text), path, "required", "Please fill this in.");
        text
    }

    /// A line of text of at most `most` characters, none of which controls, turns or hides text; trimmed and composed.
    pub(crate) fn line(&mut self, path: &str, text: &str, most: usize) -> String {
        // What no composing could make short enough is not looked at letter by letter.
        let long = text.len() > most.saturating_mul(16);
        let text = if long {
            text.trim().to_owned()
        } else {
            text::composed(text)
        };
        self.ensure(
            long || !text::hides(&text),
            path,
            "bad_character",
            "Remove line breaks and characters that cannot be seen.",
        );
        self.length(path, &text, most);
        text
    }

    /// A day that both databases know.
    pub(crate) fn day(&mut self, path: &str, day: Option<NaiveDate>) {
        let known = day.is_none_or(|day| is_known_year(day.year()));
        let message = "Choose a day in the years 1 to 9999.";
        self.ensure(known, path, "out_of_range", message);
    }

    /// An e-mail address as RFC 5321 has it, with a domain that has a dot; trimmed, in lower case.
    pub(crate) fn email(&mut self, path: &str, text: &str) -> String {
        let text = self.line(path, text, EMAIL).to_lowercase();
        self.ensure(
            text.is_empty() || is_email(&text),
            path,
            "bad_email",
            "Write an e-mail address like ada@example.org.",
        );
        text
    }

    /// Text of several lines and at most `most` characters, none of which controls, turns or hides text, with plain line
    /// ends; trimmed.
    pub(crate) fn lines(&mut self, path: &str, text: &str, most: usize) -> String {
        let text = text.trim().replace("\r\n", "\n");
        let hides = |line: &str| text::hides(&line.replace('\t', " "));
        // What is too long is not looked at letter by letter.
        let hidden = !is_longer(&text, most) && text.split('\n').any(hides);
        let advice = "Remove characters that cannot be seen.";
        self.ensure(!hidden, path, "bad_character", advice);
        self.length(path, &text, most);
        text
    }

    /// Text of several lines as it is printed: as [`Check::lines`], each line composed, and not of marks alone.
    pub(crate) fn printed_lines(&mut self, path: &str, text: &str, most: usize) -> String {
        let text = self.lines(path, text, most);
        if is_longer(&text, most) {
            return text;
        }
        let lines: Vec<String> = text.lines().map(text::composed).collect();
        let text = lines.join("\n");
        self.ensure(
            text.is_empty() || text::is_visible(&text),
            path,
            "bad_character",
            "Nothing of this can be seen. Write it, or leave it empty.",
        );
        text
    }

    /// The reason, comment or note that a person gave: of several lines and at most [`REASON_LENGTH`] characters.
    pub(crate) fn reason(&mut self, path: &str, text: &str, required: bool) -> String {
        let text = self.lines(path, text, REASON_LENGTH.into());
        self.ensure(
            !required || text::is_visible(&text),
            path,
            "required",
            "Please say why.",
        );
        text
    }

    fn length(&mut self, path: &str, text: &str, most: usize) {
        if is_longer(text, most) {
            self.fault(
                path,
                "too_long",
                format!("Shorten this to {most} characters or fewer."),
            );
        }
    }

    /// `Ok` when nothing was found.
    pub(crate) fn done(self) -> Result<(), Vec<FieldFault>> {
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(self.faults)
        }
    }
}

/// The longest e-mail address, in characters (RFC 5321).
const EMAIL: usize = 254;

/// Whether the text has more than `most` characters. Bytes bound characters from above, so that a megabyte is not counted
/// letter by letter first.
fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && (text.len() > most.saturating_mul(4) || text.chars().count() > most)
}

fn is_email(text: &str) -> bool {
    let options = email_address::Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    email_address::EmailAddress::parse_with_options(text, options).is_ok()
}

/// Whether a JSON value holds the character U+0000 anywhere, which PostgreSQL cannot store.
pub(crate) fn has_nul(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(has_nul),
        Json::Object(entries) => entries
            .iter()
            .any(|(key, value)| key.contains('\0') || has_nul(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// As [`Check::reason`], where there is nothing else to check.
pub(crate) fn reason(path: &str, text: &str, required: bool) -> Result<String, Vec<FieldFault>> {
    let mut check = Check::default();
    let text = check.reason(path, text, required);
    check.done().map(|()| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_found_at_once() {
        let mut check = Check::default();
        assert_eq!(check.required("name", "  Ada ", 10), "Ada");
        check.required("summary", " ", 10);
        check.line("unit", "a\u{0}b", 10);
        check.lines("description", &"ä".repeat(11), 10);
        let faults = check.done().unwrap_err();
        let found: Vec<_> = faults
            .iter()
            .map(|fault| (fault.path.as_str(), fault.code.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("summary", "required"),
                ("unit", "bad_character"),
                ("description", "too_long")
            ]
        );
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        let mut check = Check::default();
        check.line("name", &"ä".repeat(10), 10);
        assert_eq!(check.done(), Ok(()));
    }

    #[test]
    fn lines_cannot_hide_or_turn_text_and_names_can_be_seen() {
        for (text, code) in [
            ("a\u{200B}b", "bad_character"),
            ("\u{202E}moc", "bad_character"),
            ("\u{2800}", "required"),
        ] {
            let mut check = Check::default();
            check.required("name", text, 100);
            let faults = check.done().unwrap_err();
            assert_eq!(
                faults.iter().map(|fault| fault.code.as_str()).collect::<Vec<_>>(),
                [code],
                "{text:?}"
            );
        }
        let mut check = Check::default();
        assert_eq!(
            check.required("name", " Zoe\u{308} ", 3),
            "Zoë",
            "composed before it is counted"
        );
        assert_eq!(check.done(), Ok(()));
    }

    #[test]
    fn what_is_printed_cannot_hide_or_turn_text_on_any_line() {
        let faults = |text: &str| {
            let mut check = Check::default();
            let kept = check.printed_lines("address", text, 100);
            let faults = check.done().err().unwrap_or_default();
            (
                kept,
                faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>(),
            )
        };
        for bad in [
            "Lossi 1\n\u{202E}utraT",
            "a\u{200B}b",
            "\u{301}\n\u{E000}",
            "a\u{7}\u{202E}",
        ] {
            assert_eq!(faults(bad).1, ["bad_character"], "{bad:?}");
        }
        assert_eq!(
            faults("Lossi 1\r\n Zoe\u{308}\ttee \n\nTartu"),
            ("Lossi 1\nZoë\ttee\n\nTartu".into(), vec![])
        );
        assert_eq!(faults(" "), (String::new(), vec![]));
    }

    #[test]
    fn descriptions_and_reasons_cannot_hide_or_turn_text_either() {
        for bad in [
            "fine\n\u{202E}live",
            "a\u{2028}b",
            "o\u{3164}k",
            "a\u{0}b",
            "x\u{FEFF}",
        ] {
            let mut check = Check::default();
            check.lines("description", bad, 100);
            check.reason("reason", bad, true);
            let faults = check.done().unwrap_err();
            let codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_str()).collect();
            assert_eq!(codes, ["bad_character", "bad_character"], "{bad:?}");
        }
        assert_eq!(
            reason("reason", " It is\tfull \r\n👩\u{200D}💻 ", true),
            Ok("It is\tfull \n👩\u{200D}💻".into())
        );
    }

    #[test]
    fn addresses_are_those_of_rfc_5321() {
        for good in ["ada@example.org", "o'neill+x@mail.example.co.uk", "õun@näide.ee"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "@",
            "ada",
            "@example.org",
            "ada@localhost",
            "a da@example.org",
            "ada@.org",
            "ada@org.",
            "Ada <ada@example.org>",
            "ada@[127.0.0.1]",
            "a@b@c.org",
            "a..b@example.org",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_nul_is_found_at_any_depth() {
        assert!(has_nul(&serde_json::json!({"a": [1, {"b": "x\u{0}"}]})));
        assert!(!has_nul(&serde_json::json!({"a": [1, {"b": "x"}]})));
    }
}
