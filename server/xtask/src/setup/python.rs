//! Python programs, each kind in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::packages::{self, PYTHON};
use crate::process::{logged, succeeds};
use crate::step::step;
use crate::{fingerprint, paths};

const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The program, installed when missing.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    Ok(environment("schemathesis", &[SCHEMATHESIS])?.join("bin/schemathesis"))
}

/// The environment in which the generators and readers of descriptions are that `requirements` names.
pub(crate) fn client_tools(requirements: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let names: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    environment("clients", &names)
}

fn environment(name: &str, requirements: &[&str]) -> Result<PathBuf> {
    let home = paths::tools().join(name);
    let wanted = requirements.join(" ");
    fingerprint::once(name, &wanted, &home.join("bin/pip"), || {
        step(&format!("installing {wanted}"), || {
            install(&home, name, requirements)
        })
    })?;
    Ok(home)
}

fn install(home: &PathBuf, name: &str, requirements: &[&str]) -> Result<()> {
    if home.exists() {
        fs::remove_dir_all(home)?;
    }
    // Debian's Python comes without the module that sets pip up.
    if !succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])) {
        packages::ensure(name, PYTHON)?;
    }
    let log = paths::log(&format!("{name}-install"));
    logged(Command::new("python3").args(["-m", "venv"]).arg(home), &log)?;
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"])
        .args(requirements);
    if let Some(list) = paths::authorities() {
        pip.arg("--cert").arg(list);
    }
    logged(&mut pip, &log)
}
