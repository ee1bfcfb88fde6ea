//! Progress: each step says what it does, then how long it took.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;

/// A finished step, kept for the summary at the end.
#[derive(Clone)]
pub(crate) struct Finished {
    pub(crate) name: String,
    pub(crate) took: Duration,
    pub(crate) ok: bool,
}

static FINISHED: Mutex<Vec<Finished>> = Mutex::new(Vec::new());

/// Writes one line to standard output. A closed pipe must not end a set-up half-way, so errors are dropped.
pub(crate) fn say(line: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{}", line.as_ref()));
    drop(out.flush());
}

/// Runs one step: announces it, runs it, says how long it took and remembers it for the summary.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(format!("• {name} …"));
    let started = Instant::now();
    let outcome = work();
    let took = started.elapsed();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    say(format!("  {verdict}: {name} ({})", seconds(took)));
    let entry = Finished {
        name: name.to_owned(),
        took,
        ok: outcome.is_ok(),
    };
    FINISHED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(entry);
    outcome
}

/// All steps that have ended so far, in order.
pub(crate) fn finished() -> Vec<Finished> {
    FINISHED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A duration as people read it: `0.4 s`, `12.3 s`, `3 min 07 s`.
pub(crate) fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole >= 60 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}
