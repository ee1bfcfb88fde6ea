//! Why a reported line is refused, as people and programs are told.

use chrono::NaiveDate;
use model::{FixedError, UsageRefusal, quantity_fault};

/// The most characters of the key of a line.
pub(super) const KEY_LENGTH: usize = 200;

/// Why a line cannot be kept: a stable code and a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// Not there, or not theirs: both answer alike.
    pub(super) fn unknown_resource() -> Self {
        Self::new(
            "unknown_resource",
            "There is no such resource, or it is not yours to report on.",
        )
    }

    /// What was typed is no quantity.
    pub(super) fn no_quantity(fault: FixedError) -> Self {
        let (code, message) = quantity_fault(fault);
        Self::new(code, message)
    }

    pub(super) fn refusal(self, index: usize, key: &str) -> UsageRefusal {
        UsageRefusal {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            key: key.chars().take(KEY_LENGTH).collect(),
            code: self.code.to_owned(),
            message: self.message,
        }
    }
}

/// A day as people write it.
pub(super) fn in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}
