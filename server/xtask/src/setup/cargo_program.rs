//! Programs from crates.io, each at one version.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cargo::cargo;
use crate::process::logged;
use crate::step::step;
use crate::{fingerprint, paths};

/// The program of this package at this version, installed when missing.
pub(crate) fn cargo_program(name: &str, version: &str) -> Result<PathBuf> {
    let home = paths::tools().join(name);
    let program = home.join("bin").join(name);
    fingerprint::once(name, version, &program, || {
        step(&format!("installing {name} {version}"), || {
            install(name, version, &home)
        })
    })?;
    Ok(program)
}

fn install(name: &str, version: &str, home: &Path) -> Result<()> {
    let mut command = cargo();
    command
        .args(["install", name, "--version", version, "--locked", "--root"])
        .arg(home);
    command
        .arg("--target-dir")
        .arg(paths::cargo_target().join("tools/build"));
    logged(&mut command, &paths::log(&format!("{name}-install")))
}
