//! cargo-deny with `.deny.toml`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::cargo::{cargo, clean};
use crate::process::{logged, stream};
use crate::step::step;
use crate::{fingerprint, paths};

const VERSION: &str = "0.20.2";

pub(super) fn run() -> Result<()> {
    let home = paths::tools().join("cargo-deny");
    let program = home.join("bin/cargo-deny");
    fingerprint::once("cargo-deny", VERSION, &program, || {
        step(&format!("installing cargo-deny {VERSION}"), || install(&home))
    })?;
    let mut command = Command::new(&program);
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

fn install(home: &Path) -> Result<()> {
    let mut command = cargo();
    command
        .args([
            "install",
            "cargo-deny",
            "--version",
            VERSION,
            "--locked",
            "--root",
        ])
        .arg(home);
    command
        .arg("--target-dir")
        .arg(paths::cargo_target().join("tools/build"));
    logged(&mut command, &paths::log("cargo-deny-install"))
}
