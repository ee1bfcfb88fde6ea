//! Rust's own tests: built once for the whole workspace, then run binary by binary.
//!
//! One build keeps the features of every package the same; `cargo test -p …` in turn would compile the big
//! dependencies again for each selection.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::kind::needs_backend;
use super::outcome::{self, by_kind};
use super::{Kind, Tally};
use crate::cargo::{cargo, clean};
use crate::process::{interrupted, run_to_file, stdout_of, tail};
use crate::step::{say, seconds, step};
use crate::{packages, paths};

/// The browser's half has the feature `hydrate`, which must never meet `ssr` in one build.
pub(crate) const SELECTION: [&str; 3] = ["--workspace", "--features", "app/ssr"];

struct Binary {
    package: String,
    name: String,
    program: PathBuf,
    folder: PathBuf,
}

pub(super) fn run(
    wanted: &[Kind],
    postgres: Option<&str>,
    slurm_is_up: bool,
    tally: &mut Tally,
) -> Result<()> {
    packages::ensure("building", packages::BUILD)?;
    packages::ensure("looking at PDFs", packages::PDF)?;
    let binaries = step("building the tests", build)?;
    let chosen = binaries.iter().filter(|binary| {
        wanted
            .iter()
            .any(|kind| kind.can_be_in(&binary.package, &binary.name))
    });
    for binary in chosen {
        let command = command(binary, wanted, postgres, slurm_is_up);
        let name = format!("testing {} ({})", binary.package, binary.name);
        // The failure is in the tally already; the other binaries shall still run.
        drop(step(&name, || one(command, &binary.package, &binary.name, tally)));
        if interrupted() {
            bail!("interrupted");
        }
    }
    if wanted.contains(&Kind::Doc) {
        let mut command = cargo();
        command.arg("test").args(SELECTION).arg("--doc");
        drop(step("testing examples in the documentation", || {
            documentation(command, tally)
        }));
    }
    Ok(())
}

fn command(binary: &Binary, wanted: &[Kind], postgres: Option<&str>, slurm_is_up: bool) -> Command {
    let mut command = Command::new(&binary.program);
    clean(&mut command);
    command.current_dir(&binary.folder).args(filter(wanted));
    if needs_backend(&binary.name) {
        command.arg("--include-ignored");
    }
    environment(&mut command, postgres, slurm_is_up);
    command
}

/// Without a wish for all of them, tests of the two engines are told apart by their names.
fn filter(wanted: &[Kind]) -> Vec<&'static str> {
    match wanted {
        [Kind::Sqlite] => vec!["::sqlite"],
        [Kind::Postgres] => vec!["::postgres"],
        _ => Vec::new(),
    }
}

fn environment(command: &mut Command, postgres: Option<&str>, slurm_is_up: bool) {
    if let Some(url) = postgres {
        command.env("STOA_TEST_POSTGRES", url);
    }
    if slurm_is_up {
        command.env("STOA_TEST_SLURM", "1");
    }
    // A snapshot that differs fails; accepting it is for people.
    command.env("INSTA_UPDATE", "no").env("RUST_BACKTRACE", "1");
}

/// The portal as the tests know it; nothing is left to do where they were built before.
pub(super) fn build_portal() -> Result<()> {
    packages::ensure("building", packages::BUILD)?;
    build().map(drop)
}

fn build() -> Result<Vec<Binary>> {
    let mut command = cargo();
    command
        .arg("test")
        .args(SELECTION)
        .args(["--no-run", "--message-format=json-render-diagnostics"]);
    let messages = stdout_of(command.stdin(Stdio::null()))?;
    let mut binaries: Vec<Binary> = messages.lines().filter_map(artifact).collect();
    if binaries.is_empty() {
        bail!("cargo built no test binary");
    }
    binaries.sort_by(|a, b| (&a.package, &a.name).cmp(&(&b.package, &b.name)));
    Ok(binaries)
}

fn artifact(line: &str) -> Option<Binary> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message.get("reason")? != "compiler-artifact" || message.pointer("/profile/test")? != true {
        return None;
    }
    let folder = Path::new(message.get("manifest_path")?.as_str()?)
        .parent()?
        .to_path_buf();
    Some(Binary {
        package: folder.file_name()?.to_str()?.to_owned(),
        name: message.pointer("/target/name")?.as_str()?.to_owned(),
        program: PathBuf::from(message.get("executable")?.as_str()?),
        folder,
    })
}

fn one(mut command: Command, package: &str, binary: &str, tally: &mut Tally) -> Result<()> {
    let log = paths::log(&format!("test-{package}-{binary}"));
    let started = Instant::now();
    let status = run_to_file(&mut command, &log)?;
    let output =
        String::from_utf8_lossy(&fs::read(&log).context("cannot read the tests' output")?).into_owned();
    let counts = by_kind(package, binary, &output);
    tally.add_all(&counts);
    let (passed, failed) = outcome::totals(&output);
    say(format!(
        "  {passed} passed, {failed} failed in {}",
        seconds(started.elapsed())
    ));
    if status.success() {
        return Ok(());
    }
    say(failures(&output, &log));
    if failed == 0 {
        tally.add(Kind::of(package, binary, ""), 0, 1, 0);
    }
    tally.trouble(format!(
        "{package} ({binary}): {status}; the whole output is in {}",
        log.display()
    ));
    bail!("{failed} tests failed");
}

fn documentation(mut command: Command, tally: &mut Tally) -> Result<()> {
    let log = paths::log("test-documentation");
    let status = run_to_file(&mut command, &log)?;
    let output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let (passed, failed) = outcome::totals(&output);
    tally.add(Kind::Doc, passed, failed, 0);
    if status.success() {
        return Ok(());
    }
    say(tail(&log, 60));
    if failed == 0 {
        tally.add(Kind::Doc, 0, 1, 0);
    }
    tally.trouble(format!(
        "documentation: {status}; the whole output is in {}",
        log.display()
    ));
    bail!("{failed} examples failed");
}

/// What libtest prints about failed tests, or the end of the output when the binary died before it could.
fn failures(output: &str, log: &Path) -> String {
    output
        .find("\nfailures:\n")
        .and_then(|at| output.get(at..))
        .map_or_else(|| tail(log, 40), str::to_owned)
}
