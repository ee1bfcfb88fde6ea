//! cargo-deny with `.deny.toml`.

use std::process::Command;

use anyhow::Result;

use crate::cargo::clean;
use crate::process::stream;
use crate::setup::cargo_program;

const VERSION: &str = "0.20.2";

pub(super) fn run() -> Result<()> {
    let mut command = Command::new(cargo_program("cargo-deny", VERSION)?);
    clean(&mut command);
    // Warnings are duplicates, a screenful of them; `cargo deny check bans` shows them.
    command.args([
        "--log-level",
        "error",
        "--all-features",
        "--config",
        ".deny.toml",
        "check",
    ]);
    stream(command.args(["--hide-inclusion-graph", "licenses", "bans", "sources"]))
}
