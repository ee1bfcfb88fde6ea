//! Jobs outlive slurmd, so they are canceled before the laboratory stops.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::capture;
use crate::step::say;

pub(super) fn cancel_all() -> Result<()> {
    let jobs = active()?;
    if jobs.is_empty() {
        return Ok(());
    }
    capture(Command::new("scancel").args(&jobs))?;
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if active()?.is_empty() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    say("  some jobs did not end in 20 s; slurmd is stopped all the same");
    Ok(())
}

fn active() -> Result<Vec<String>> {
    let text = capture(Command::new("timeout").args(["10", "squeue", "--all", "--noheader", "--format=%A"]))?;
    Ok(text.lines().map(|line| line.trim().to_owned()).collect())
}
