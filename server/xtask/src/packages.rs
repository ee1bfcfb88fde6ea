//! Debian packages: which are missing, and installing those.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::geteuid;

use crate::process::{capture, logged};
use crate::step::step;
use crate::{paths, process};

/// The load generator of the measurements.
pub(crate) const BENCH: &[&str] = &["wrk"];
/// A C compiler and linker for SQLite and the TLS library.
pub(crate) const BUILD: &[&str] = &["gcc", "libc6-dev"];
/// The browser tests: Chromium, fonts for its pictures, and a clock that can be set for closing a month.
pub(crate) const BROWSER: &[&str] = &["chromium", "fonts-dejavu-core", "faketime"];
/// Looking at the text and pages of a PDF, and the fonts for legal names of every script.
pub(crate) const PDF: &[&str] = &["poppler-utils", "fonts-noto-core", "fonts-noto-cjk"];
/// A compiler for libFuzzer, which is C++.
pub(crate) const FUZZING: &[&str] = &["g++"];
/// The second database engine.
pub(crate) const POSTGRES: &[&str] = &["postgresql"];
/// Schemathesis is installed from PyPI into an environment of its own.
pub(crate) const PYTHON: &[&str] = &["python3-venv"];
/// A real SLURM. The plugin packages are only recommended by the daemons, but nothing works without them.
pub(crate) const SLURM: &[&str] = &[
    "slurmctld",
    "slurmd",
    "slurmdbd",
    "slurm-client",
    "slurm-wlm-basic-plugins",
    "slurm-wlm-mysql-plugin",
    "munge",
    "mariadb-server",
];
/// Debian's own compiler for wasm, where rustup has no such target.
pub(crate) const WASM: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// True when this program may change the system without asking.
pub(crate) fn is_root() -> bool {
    geteuid().is_root()
}

/// A command that runs as root: as it is for root, through sudo for everybody else.
pub(crate) fn as_root(program: &str) -> Command {
    if is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.arg("--preserve-env=DEBIAN_FRONTEND").arg(program);
    command
}

/// User and group id from /etc/passwd.
pub(crate) fn user(name: &str) -> Result<(u32, u32)> {
    let text = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let mut entries = text.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let entry = entries.find(|entry| entry.first() == Some(&name));
    let ids = entry.and_then(|entry| Some((entry.get(2)?.parse().ok()?, entry.get(3)?.parse().ok()?)));
    ids.with_context(|| format!("there is no user {name}; its Debian package should have made it"))
}

/// Installs those of the packages that are missing; does nothing and prints nothing when there are none.
pub(crate) fn ensure(what: &str, names: &[&str]) -> Result<()> {
    let missing: Vec<&str> = names.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    step(
        &format!("installing Debian packages for {what}: {}", missing.join(" ")),
        || install(&missing),
    )
}

fn is_installed(name: &str) -> bool {
    let status = capture(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", name]));
    status.is_ok_and(|text| text == "installed")
}

fn install(missing: &[&str]) -> Result<()> {
    let _quiet = NoDaemons::hold()?;
    let log = paths::log("apt");
    let update = logged(apt().arg("update"), &log);
    let mut command = apt();
    command
        .args(["install", "--yes", "--no-install-recommends"])
        .args(missing);
    // An unreachable mirror does not matter while the packages can be had from another one.
    logged(&mut command, &log).or_else(|error| update.and(Err(error)))
}

fn apt() -> Command {
    let mut command = as_root("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-qq", "-o", "DPkg::Lock::Timeout=600"]);
    command
}

/// While this lives, package scripts start no daemon: the tests start their own, with their own data.
struct NoDaemons {
    ours: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl NoDaemons {
    fn hold() -> Result<Self> {
        if Path::new(POLICY).exists() {
            return Ok(Self { ours: false });
        }
        let draft = paths::notes().join("policy-rc.d");
        fs::create_dir_all(paths::notes())?;
        fs::write(&draft, "#!/bin/sh\nexit 101\n")?;
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o755))?;
        capture(as_root("install").args(["-m", "755"]).arg(&draft).arg(POLICY))
            .context("cannot keep package scripts from starting daemons")?;
        Ok(Self { ours: true })
    }
}

impl Drop for NoDaemons {
    fn drop(&mut self) {
        if self.ours {
            process::succeeds(as_root("rm").args(["-f", POLICY]));
        }
    }
}
