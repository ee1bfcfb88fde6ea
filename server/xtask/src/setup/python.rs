//! Schemathesis, in a Python environment of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::packages::{self, PYTHON};
use crate::process::{logged, succeeds};
use crate::step::step;
use crate::{fingerprint, paths};

const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The program, installed when missing.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    let home = paths::tools().join("schemathesis");
    let program = home.join("bin/schemathesis");
    fingerprint::once("schemathesis", SCHEMATHESIS, &program, || {
        step(&format!("installing {SCHEMATHESIS}"), || install(&home))
    })?;
    Ok(program)
}

fn install(home: &PathBuf) -> Result<()> {
    if home.exists() {
        fs::remove_dir_all(home)?;
    }
    // Debian's Python comes without the module that sets pip up.
    if !succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])) {
        packages::ensure("schemathesis", PYTHON)?;
    }
    let log = paths::log("schemathesis-install");
    logged(Command::new("python3").args(["-m", "venv"]).arg(home), &log)?;
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS]);
    if let Some(list) = paths::authorities() {
        pip.arg("--cert").arg(list);
    }
    logged(&mut pip, &log)
}
