//! The fields of the form that reports use, and what became of each line.

use model::UsageOutcome;
use serde::{Deserialize, Serialize};

/// What became of one line of reported use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageAnswer {
    /// Name of the component.
    pub component: String,
    /// The day that was reported.
    pub day: chrono::NaiveDate,
    /// The quantity as it was typed, with its unit.
    pub quantity: String,
    /// What became of it.
    pub outcome: UsageOutcome,
    /// Why it was refused; empty otherwise.
    pub message: String,
}

/// Under this the form has one field for each component.
pub const QUANTITY: &str = "quantity";

/// The field for the quantity of a component.
pub fn quantity_field(component: &str) -> String {
    format!("{QUANTITY}.{component}")
}
