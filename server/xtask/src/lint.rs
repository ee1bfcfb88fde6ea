//! `cargo xtask lint`: formatting, clippy for both halves, documentation, licences.

mod deny;

use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::cargo;
use crate::cli::Part;
use crate::process::{interrupted, stream, succeeds};
use crate::setup;
use crate::step::{finished, say, seconds, step};
use crate::wasm::Toolchain;

type Check = fn() -> Result<()>;

/// Runs every check even when one fails, so that all is seen at once.
pub(crate) fn run() -> Result<()> {
    setup::ensure(Part::Build)?;
    let checks: [(&str, Check); 5] = [
        ("formatting", formatting),
        ("clippy for the server", native),
        ("checking the browser's half", browser),
        ("documentation", documentation),
        ("licences, bans and sources", deny::run),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        if step(name, check).is_err() {
            failed.push(name);
        }
        if interrupted() {
            bail!("interrupted");
        }
    }
    for step in finished() {
        say(format!(
            "{:<40} {:>12}{}",
            step.name,
            seconds(step.took),
            if step.ok { "" } else { "  FAILED" }
        ));
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("not in order: {}", failed.join(", "));
}

fn formatting() -> Result<()> {
    stream(cargo().args(["fmt", "--all", "--check"]))
}

fn native() -> Result<()> {
    let mut command = cargo();
    command.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "app/ssr",
        "--",
        "-D",
        "warnings",
    ]);
    stream(&mut command)
}

/// Clippy where the toolchain has it for wasm; Debian's has none, so there the compiler's own warnings count.
fn browser() -> Result<()> {
    let toolchain = Toolchain::find()?;
    let clippy = toolchain == Toolchain::Own && succeeds(cargo().args(["clippy", "--version"]));
    let verb = if clippy { "clippy" } else { "rustc" };
    say(format!("  with {}: cargo {verb}", toolchain.name()));
    let mut command = toolchain.cargo(verb);
    command.args(["--package", "app", "--lib", "--features", "hydrate"]);
    // The bundle's own profile, so that macros and build scripts are not compiled twice.
    command.args(["--profile", "wasm-release", "--", "-D", "warnings"]);
    stream(&mut command)
}

fn documentation() -> Result<()> {
    let mut command: Command = cargo();
    command.args([
        "doc",
        "--no-deps",
        "--package",
        "model",
        "--package",
        "domain",
        "--package",
        "plugins",
    ]);
    // Module docs lead readers of the source, also to what is private.
    let flags = "-D warnings -A rustdoc::private-intra-doc-links";
    stream(command.env("RUSTDOCFLAGS", flags))
}
