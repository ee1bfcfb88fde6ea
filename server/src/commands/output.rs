//! What the person at the terminal reads.

use std::io::Write;

use anyhow::Context;

/// Writes lines for the person at the terminal; the one place that does.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}").context("standard output is closed")
}
