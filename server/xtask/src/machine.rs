//! The machine that figures are taken on.

use std::fs;

use anyhow::{Context, Result};

/// The name of the processor and how many of its threads there are.
pub(crate) fn processor() -> Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo").context("the system does not name its processor")?;
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map(|(_, name)| name.trim())
        .collect();
    let name = names
        .first()
        .copied()
        .unwrap_or("one that the system does not name");
    Ok(format!("{name}, {} threads", names.len()))
}
