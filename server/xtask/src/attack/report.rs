//! The figures as a table for people.

use std::fmt::Write;

use anyhow::Result;

use super::victim::{BOUND, Times};
use crate::readme;

/// What was seen on one database.
pub(super) struct Column {
    pub(super) engine: &'static str,
    /// With nobody else there.
    pub(super) quiet: Times,
    pub(super) rows: Vec<Row>,
    /// What was not kept.
    pub(super) broken: Vec<String>,
}

/// One attack on it.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// Of who was not attacked.
    pub(super) times: Times,
    /// Memory of the portal before and after, in kB.
    pub(super) memory: (u64, u64),
    /// What came back that should not have.
    pub(super) fault: Option<String>,
}

impl Row {
    /// What was not kept, in words.
    pub(super) fn faults(&self) -> Vec<String> {
        let worst = self.times.p99();
        let slow =
            (worst >= BOUND).then(|| format!("99 of 100 pages took up to {worst:.0} ms, not {BOUND:.0} ms"));
        let parts = [slow, self.times.failed.clone(), self.fault.clone()];
        parts.into_iter().flatten().collect()
    }
}

/// The processor, and a Markdown table; what misses its bound is bold.
pub(super) fn table(processor: &str, columns: &[Column]) -> String {
    let mut text = format!("Processor: {processor}. With nobody else there, 99 of 100 pages came within");
    for (number, column) in columns.iter().enumerate() {
        let joint = if number == 0 { "" } else { " and" };
        // Writing into a string cannot fail.
        let _ = write!(text, "{joint} {:.1} ms on {}", column.quiet.p99(), column.engine);
    }
    text.push_str(".\n\n| Meanwhile |");
    for column in columns {
        let _ = write!(text, " {} | memory |", column.engine);
    }
    text.push_str("\n|---|");
    text.push_str(&"---|---|".repeat(columns.len()));
    text.push('\n');
    let names = columns
        .first()
        .map(|column| column.rows.as_slice())
        .unwrap_or_default();
    for (number, row) in names.iter().enumerate() {
        let _ = write!(text, "| {} |", row.name);
        for column in columns {
            if let Some(row) = column.rows.get(number) {
                let _ = write!(text, " {} |", cells(row, &column.quiet));
            }
        }
        text.push('\n');
    }
    text
}

/// The time of pages, as such and against the quiet one, and the memory of the portal.
fn cells(row: &Row, quiet: &Times) -> String {
    let mark = if row.faults().is_empty() { "" } else { "**" };
    format!(
        "{mark}{}{mark} | {} → {} MB",
        row.times.against(quiet),
        megabytes(row.memory.0),
        megabytes(row.memory.1)
    )
}

/// Of a figure in kB.
fn megabytes(kilobytes: u64) -> u64 {
    kilobytes * 1024 / 1_000_000
}

/// Writes the table into the README.
pub(super) fn write(table: &str) -> Result<()> {
    readme::write("attack", table)
}
