//! The browser tests: Debian's Chromium, Node, and the runner's packages as their lock file says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::packages::{self, BROWSER};
use crate::process::{capture, logged};
use crate::step::step;
use crate::{fingerprint, paths};

pub(crate) const CHROMIUM: &str = "/usr/bin/chromium";

/// The oldest Node that the runner works with.
const NODE: u32 = 18;

pub(super) fn ensure() -> Result<()> {
    packages::ensure("the browser tests", BROWSER)?;
    node()?;
    let home = paths::root().join("end2end");
    let lock = home.join("package-lock.json");
    if !lock.exists() {
        bail!("{} is missing", lock.display());
    }
    let print = fingerprint::of_files(&[home.join("package.json"), lock]);
    fingerprint::once("npm", &print, &home.join("node_modules"), || install(&home))
}

fn install(home: &Path) -> Result<()> {
    step("installing the browser tests' packages", || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(home);
        // Debian's Chromium is used instead.
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        if let (None, Some(list)) = (paths::variable("NODE_EXTRA_CA_CERTS"), paths::authorities()) {
            npm.env("NODE_EXTRA_CA_CERTS", list);
        }
        logged(&mut npm, &paths::log("npm"))
    })
}

/// A Node that somebody installed is used as it is; on a machine without one Debian's is installed.
fn node() -> Result<()> {
    if version().is_none() || !has_npm() {
        packages::ensure("the browser tests", &["nodejs", "npm"])?;
    }
    let found = version().context("Node does not start")?;
    if found < NODE {
        bail!("Node {found} is too old for the browser tests: they need {NODE}");
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
