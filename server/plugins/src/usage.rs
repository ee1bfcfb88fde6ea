//! Measured usage, as a backend reports it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::ids::ResourceId;
use rust_decimal::Decimal;

use crate::PluginError;

/// What a backend measured of each resource that was asked for, or why it could not be told for this one.
pub type UsageReports = BTreeMap<ResourceId, Result<UsageReport, PluginError>>;

/// What a backend measured. Good lines are kept though others are faulty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsageReport {
    /// The measurements, each under its own key.
    pub events: Vec<UsageEvent>,
    /// What could not be understood, line by line.
    pub faults: Vec<UsageFault>,
}

/// One measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEvent {
    /// The same measurement has the same key whenever it is collected. A later event with the same key and another
    /// quantity *replaces* the earlier one: something that still runs is reported again and again, growing. What changes
    /// under keys of days before the window that was asked for is reported, too.
    pub key: String,
    /// The component's code.
    pub component: String,
    /// The start of the stretch in which it was used; never crosses midnight UTC together with `window_end`.
    pub window_start: DateTime<Utc>,
    /// The end of the stretch, exclusive.
    pub window_end: DateTime<Utc>,
    /// How much, in the component's unit, with at most 9 decimals, never negative.
    pub quantity: Decimal,
    /// The backend's name of the user who used it.
    pub user: Option<String>,
}

/// A line of the backend's answer that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageFault {
    /// The number of the line, from 1.
    pub line: usize,
    /// The line, shortened, without control characters.
    pub text: String,
    /// What is wrong with it, as a sentence for people.
    pub reason: String,
}
