//! Usage as people see it, and meter events as backends and providers report them (`domain.md` 5).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{Fixed, ResourceId};

/// A meter event: `quantity` of `component` was used by `resource_id` within the window. `key` makes it count once;
/// the same key with another quantity is a correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageReport {
    /// The resource.
    pub resource_id: ResourceId,
    /// Component code.
    pub component: String,
    /// Start of the window, included.
    pub window_start: DateTime<Utc>,
    /// End of the window, not included.
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
    /// Stable code: `unknown_resource`, `unknown_component`, `negative`, `over_cap`, `outside_life`, `window`, `key`.
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
    /// Name on the backend; empty when not told.
    pub username: String,
    /// Used in the span.
    pub quantity: Fixed,
}
