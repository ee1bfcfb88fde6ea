//! Every request with its answer, a line each: what a fault is found again by.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::http::Answer;
use crate::process::create_log;

/// A request that was sent.
pub(super) struct Request<'a> {
    pub(super) step: u32,
    pub(super) role: &'static str,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) body: &'a str,
}

/// The file of one round.
pub(super) struct Journal {
    path: PathBuf,
    file: BufWriter<File>,
    lines: u32,
}

impl Journal {
    pub(super) fn begin(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.to_path_buf(),
            file: BufWriter::new(create_log(path)?),
            lines: 0,
        })
    }

    /// Writes a line; its number.
    pub(super) fn note(&mut self, request: &Request, answer: Option<&Answer>, took: Duration) -> Result<u32> {
        let line = json!({
            "step": request.step,
            "role": request.role,
            "method": request.method,
            "path": request.path,
            "body": request.body,
            "status": answer.map(|answer| answer.status),
            "location": answer.and_then(|answer| answer.header("location")),
            "ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "trace": answer.and_then(|answer| answer.header("x-trace-id")),
        });
        writeln!(self.file, "{line}").context("the journal cannot be written")?;
        self.lines += 1;
        Ok(self.lines)
    }

    /// The request that a line of the log is about, where it names one.
    pub(super) fn request_of(&mut self, log_line: &str) -> Result<Option<String>> {
        self.file.flush()?;
        let text = std::fs::read_to_string(&self.path)?;
        let trace = |line: &str| -> Option<String> {
            let value: serde_json::Value = serde_json::from_str(line).ok()?;
            value.get("trace")?.as_str().map(str::to_owned)
        };
        Ok(text
            .lines()
            .find(|line| trace(line).is_some_and(|trace| log_line.contains(&trace)))
            .map(str::to_owned))
    }
}
