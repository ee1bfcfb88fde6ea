//! The log of a portal: what in it tells of a fault of the program.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A log that is read on from where it was read before.
pub(crate) struct Log {
    path: PathBuf,
    read: u64,
}

impl Log {
    pub(crate) fn of(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            read: 0,
        }
    }

    /// The lines since the last look that tell of a fault.
    pub(crate) fn news(&mut self) -> Result<Vec<String>> {
        let text = self.rest()?;
        Ok(text
            .lines()
            .filter(|line| is_bad(line))
            .map(str::to_owned)
            .collect())
    }

    /// All that came since the last look.
    pub(crate) fn rest(&mut self) -> Result<String> {
        let mut file = File::open(&self.path).context("the portal has no log")?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        self.read += u64::try_from(bytes.len())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// An ERROR of the log in either of its formats, or a panic, which is written past it.
pub(crate) fn is_bad(line: &str) -> bool {
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
