//! Node, and the packages of one folder as its lock file says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::packages;
use crate::process::{capture, logged};
use crate::step::step;
use crate::{fingerprint, paths};

/// The oldest Node that the packages work with.
const NODE: u32 = 18;

/// Installs the packages of `home`, which are for `what`, unless they are there. Finds or installs Node first.
pub(super) fn packages_of(home: &Path, what: &str) -> Result<()> {
    node(what)?;
    let lock = home.join("package-lock.json");
    if !lock.exists() {
        bail!("{} is missing", lock.display());
    }
    let name = format!("npm-{}", what.replace(' ', "-"));
    let print = fingerprint::of_files(&[home.join("package.json"), lock]);
    fingerprint::once(&name, &print, &home.join("node_modules"), || {
        install(home, what, &name)
    })
}

fn install(home: &Path, what: &str, name: &str) -> Result<()> {
    step(&format!("installing the packages of {what}"), || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(home);
        // Debian's Chromium is used instead.
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        if let (None, Some(list)) = (paths::variable("NODE_EXTRA_CA_CERTS"), paths::authorities()) {
            npm.env("NODE_EXTRA_CA_CERTS", list);
        }
        logged(&mut npm, &paths::log(name))
    })
}

/// A Node that somebody installed is used as it is; on a machine without one Debian's is installed.
fn node(what: &str) -> Result<()> {
    if version().is_none() || !has_npm() {
        packages::ensure(what, &["nodejs", "npm"])?;
    }
    let found = version().context("Node does not start")?;
    if found < NODE {
        bail!("Node {found} is too old for {what}: version {NODE} is the oldest that serves");
    }
    Ok(())
}

fn version() -> Option<u32> {
    let text = capture(Command::new("node").arg("--version")).ok()?;
    text.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn has_npm() -> bool {
    let folders = paths::variable("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .map(|folder: PathBuf| folder.join("npm"))
        .any(|npm| npm.exists())
}
