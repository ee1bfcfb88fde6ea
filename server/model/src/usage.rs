//! Usage as people see it, and meter events as backends and providers report them (`domain.md` 5).

mod sent;

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use sent::{SentUsage, quantity_fault};

use crate::{Fixed, ResourceId, text_enum};

/// For how many months use can be reported and corrected, counted back from today. Invoices look back as far, so that
/// whatever is taken is billed.
pub const CORRECTION_MONTHS: u32 = 13;

/// The first day whose use can still be reported on `today`.
pub fn first_correctable_day(today: NaiveDate) -> NaiveDate {
    today
        .checked_sub_months(Months::new(CORRECTION_MONTHS))
        .unwrap_or(NaiveDate::MIN)
}

text_enum! {
    /// What became of one line of a batch.
    UsageOutcome {
        /// It counts from now on.
        Recorded = "recorded", "Recorded";
        /// It was known already, just so.
        Repeated = "repeated", "Known already";
        /// It replaces what was known under its key.
        Corrected = "corrected", "Corrected";
        /// It does not count; the reason is among the refusals.
        Refused = "refused", "Refused";
    }
}

/// A meter event: `quantity` of `component` was used by `resource_id` within the window. `key` makes it count once;
/// the same key with another quantity is a correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageReport {
    /// The resource.
    pub resource_id: ResourceId,
    /// Component code.
    pub component: String,
    /// When the use began, included.
    pub window_start: DateTime<Utc>,
    /// When the use ended, not included.
    pub window_end: DateTime<Utc>,
    /// How much, in the component's unit; not negative.
    pub quantity: Fixed,
    /// Idempotency key, unique per resource, 1 to 200 characters.
    pub key: String,
    /// Who used it, as the backend names the person.
    #[serde(default)]
    pub username: Option<String>,
}

/// A line of a batch that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageRefusal {
    /// Its position in the batch, from 0.
    pub index: u32,
    /// Its key.
    pub key: String,
    /// Stable code: `invalid`, `unknown_resource`, `unknown_component`, `not_metered`, `not_a_number`, `negative`, `too_large`,
    /// `over_cap`, `outside_life`, `too_old`, `window`, `key`, `username`.
    pub code: String,
    /// Why, for a person.
    pub message: String,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageReceipt {
    /// Recorded for the first time.
    pub recorded: u32,
    /// Known already with the same quantity.
    pub repeated: u32,
    /// Corrections of earlier events.
    pub corrected: u32,
    /// Refused lines.
    pub refused: Vec<UsageRefusal>,
    /// What became of each line, in the order of the batch.
    pub outcomes: Vec<UsageOutcome>,
}

impl UsageReceipt {
    /// Notes what became of the next line.
    pub fn note(&mut self, outcome: UsageOutcome) {
        match outcome {
            UsageOutcome::Recorded => self.recorded += 1,
            UsageOutcome::Repeated => self.repeated += 1,
            UsageOutcome::Corrected => self.corrected += 1,
            UsageOutcome::Refused => {}
        }
        self.outcomes.push(outcome);
    }

    /// Appends what became of the lines that follow.
    pub fn append(&mut self, next: Self) {
        let before = u32::try_from(self.outcomes.len()).unwrap_or(u32::MAX);
        let moved = next.refused.into_iter().map(|refusal| UsageRefusal {
            index: refusal.index.saturating_add(before),
            ..refusal
        });
        self.refused.extend(moved);
        for outcome in next.outcomes {
            self.note(outcome);
        }
    }
}

/// Usage of one component on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageDay {
    /// The day, in the billing time zone of the buying organization.
    pub day: NaiveDate,
    /// Used on it.
    pub quantity: Fixed,
}

/// Usage of one component over a span of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentUsage {
    /// Component code.
    pub component: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Each day of the span, also those without usage.
    pub days: Vec<UsageDay>,
    /// Sum over the span.
    pub total: Fixed,
    /// Sum per user of the backend, largest first.
    pub users: Vec<UserUsage>,
}

/// Usage of one user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserUsage {
    /// Name on the backend; null when not told.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub username: String,
    /// Used in the span.
    pub quantity: Fixed,
}
