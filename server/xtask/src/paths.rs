//! Where things lie. The only reader of the environment in this package.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The workspace root, known since this package was compiled.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_path_buf()
}

/// What the server serves as files. Always below the workspace, wherever cargo's own output goes.
pub(crate) fn site() -> PathBuf {
    root().join("target/site")
}

/// Fingerprints, logs and other notes of this tool.
pub(crate) fn notes() -> PathBuf {
    root().join("target/notes")
}

/// The log file of one step.
pub(crate) fn log(name: &str) -> PathBuf {
    notes().join("log").join(format!("{name}.log"))
}

/// Tools that are installed for this project alone.
pub(crate) fn tools() -> PathBuf {
    cargo_target().join("tools")
}

/// Cargo's output directory.
pub(crate) fn cargo_target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A path that means the same in every folder.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf> {
    path.canonicalize()
        .with_context(|| format!("{} is not there", path.display()))
}

/// A server binary of the given profile directory (`debug` or `release`).
pub(crate) fn stoa(profile: &str) -> PathBuf {
    cargo_target().join(profile).join("stoa")
}

/// The system's list of certificate authorities. Node and pip bring lists of their own, and would refuse a
/// registry that is reached through a company's proxy which the machine trusts.
pub(crate) fn authorities() -> Option<&'static Path> {
    let list = Path::new("/etc/ssl/certs/ca-certificates.crt");
    list.exists().then_some(list)
}

/// A variable of the environment that is set and not empty.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
