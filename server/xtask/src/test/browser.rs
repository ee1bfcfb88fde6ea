//! The journeys in `end2end/`, by Playwright with Debian's Chromium, against the built portal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{Kind, Tally};
use crate::cargo::clean;
use crate::cli::Part;
use crate::process::stream;
use crate::step::step;
use crate::{paths, setup};

pub(super) fn run(lab: &Path, tally: &mut Tally) -> Result<()> {
    setup::ensure(Part::Browser)?;
    setup::ensure(Part::Pdf)?;
    let report = paths::notes().join("browser.json");
    drop(fs::remove_file(&report));
    let outcome = step("journeys in the browser", || {
        stream(&mut playwright(lab, &report)?)
    });
    let counts = count(&report).with_context(|| format!("{outcome:?}"))?;
    tally.add(Kind::Browser, counts.passed, counts.failed, counts.skipped);
    if counts.failed == 0 && outcome.is_err() {
        bail!("the runner failed although no test did");
    }
    if counts.passed == 0 && counts.failed == 0 {
        bail!("there was no browser test to run");
    }
    Ok(())
}

fn playwright(lab: &Path, report: &Path) -> Result<Command> {
    let home = paths::root().join("end2end");
    let mut command = Command::new(home.join("node_modules/.bin/playwright"));
    clean(&mut command);
    command.current_dir(&home).args(["test", "--reporter=list,json"]);
    command.env("PLAYWRIGHT_JSON_OUTPUT_NAME", report);
    command.env("STOA_BIN", paths::stoa("debug"));
    command.env("STOA_E2E_CHROMIUM", setup::CHROMIUM);
    command.env("STOA_SLURM_LAB", lab);
    command.env("STOA_XTASK", this_program()?);
    Ok(command)
}

/// For journeys that need another user on the node: `$STOA_XTASK slurm up --user …`.
fn this_program() -> Result<PathBuf> {
    std::env::current_exe().context("this program does not know where it lies")
}

struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

fn count(report: &Path) -> Result<Counts> {
    let text = fs::read(report).context("Playwright wrote no report")?;
    let report: Value = serde_json::from_slice(&text).context("Playwright's report cannot be read")?;
    let number = |name: &str| {
        let value = report.pointer(&format!("/stats/{name}")).and_then(Value::as_u64);
        value
            .and_then(|value| usize::try_from(value).ok())
            .with_context(|| format!("the report has no {name}"))
    };
    // A test that passes only the second time is a failed one.
    let failed = number("unexpected")? + number("flaky")?;
    Ok(Counts {
        passed: number("expected")?,
        failed,
        skipped: number("skipped")?,
    })
}
