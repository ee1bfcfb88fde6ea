//! The log of a portal: what in it tells of a fault of the program.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The whole log.
pub(crate) fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).context("the portal has no log")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The lines that tell of a fault, with their numbers from 1 on.
pub(crate) fn bad_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| is_bad(line))
}

/// An ERROR of the log in either of its formats, or a panic, which is written past it.
fn is_bad(line: &str) -> bool {
    line.contains("\"level\":\"ERROR\"") || line.contains(" ERROR ") || line.contains("panicked at")
}

#[cfg(test)]
mod tests {
    use super::is_bad;

    #[test]
    fn errors_and_panics_are_bad_and_refusals_are_not() {
        assert!(is_bad(
            r#"{"timestamp":"2026-11-27T10:00:00Z","level":"ERROR","message":"answered"}"#
        ));
        assert!(is_bad("2026-11-27T10:00:00Z ERROR request: server: answered"));
        assert!(is_bad("thread 'tokio-runtime-worker' panicked at src/x.rs:1:1:"));
        assert!(!is_bad(
            r#"{"level":"WARN","message":"a post from another site was refused"}"#
        ));
    }
}
