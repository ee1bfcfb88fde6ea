//! A real SLURM on this one machine, on loopback, for tests and for trying the portal out.
//!
//! munged, MariaDB, slurmdbd, slurmctld and slurmd run from Debian's packages with all their state in one
//! folder. Only what this tool started is ever stopped: by the recorded pid and its start time.

mod accounting;
mod config;
mod daemons;
mod folders;
mod jobs;
mod ownership;
mod ready;
mod users;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cli::SlurmCommand;
use crate::packages;
use crate::process::{capture, stream};
use crate::step::{say, step};
use daemons::Daemon;

/// One laboratory: where it lives and what its node is called.
pub(crate) struct Lab {
    pub(crate) dir: PathBuf,
    pub(crate) node: String,
}

impl Lab {
    pub(crate) fn at(dir: &Path) -> Result<Self> {
        let name = fs::read_to_string("/proc/sys/kernel/hostname").context("cannot read the host's name")?;
        let node = name.trim().split('.').next().unwrap_or_default().to_owned();
        Ok(Self {
            dir: dir.to_path_buf(),
            node,
        })
    }

    pub(crate) fn etc(&self) -> PathBuf {
        self.dir.join("etc")
    }

    /// Held while the laboratory is being changed, so that two sessions do not start it at once.
    fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.dir).with_context(|| format!("cannot create {}", self.dir.display()))?;
        let file = File::create(self.dir.join("lock"))?;
        file.lock()?;
        Ok(file)
    }
}

/// What `up` found or did.
#[derive(PartialEq, Eq, Clone, Copy)]
pub(crate) enum Started {
    /// It was not running before this call.
    Now,
    /// It was running already.
    Before,
}

/// `cargo xtask slurm …`
pub(crate) fn run(command: &SlurmCommand) -> Result<()> {
    if !packages::is_root() {
        return again_as_root();
    }
    match command {
        SlurmCommand::Up { place, user } => up(&Lab::at(&place.dir)?, user).map(drop),
        SlurmCommand::Down { place, purge } => down(&Lab::at(&place.dir)?, *purge),
        SlurmCommand::Status { place } => status(&Lab::at(&place.dir)?),
    }
}

fn again_as_root() -> Result<()> {
    let this = std::env::current_exe()?;
    stream(
        Command::new("sudo")
            .arg("--preserve-env")
            .arg(this)
            .args(std::env::args_os().skip(1)),
    )
}

/// `slurm <verb>` of this program through sudo.
pub(crate) fn as_root(verb: &str, dir: &Path) -> Result<Command> {
    let mut command = Command::new("sudo");
    command
        .arg("--preserve-env")
        .arg(std::env::current_exe()?)
        .args(["slurm", verb, "--dir"])
        .arg(dir);
    Ok(command)
}

/// Starts what is not running, and makes sure that the users exist.
pub(crate) fn up(lab: &Lab, people: &[String]) -> Result<Started> {
    packages::ensure("SLURM", packages::SLURM)?;
    let _lock = lab.lock()?;
    let started = if let Some(other) = folders::foreign_configuration(lab)? {
        reuse(&other)?
    } else {
        start(lab)?
    };
    users::ensure(lab, people)?;
    say(format!("SLURM is ready: {}", ready::summary()?));
    Ok(started)
}

/// Somebody else's configuration in /etc/slurm is left alone; if its cluster answers, it serves as well.
fn reuse(other: &Path) -> Result<Started> {
    if ready::node_is_ready() {
        say(format!(
            "Using the SLURM that is running with {}",
            other.display()
        ));
        return Ok(Started::Before);
    }
    bail!(
        "{} is not ours and its cluster does not answer; move it away to set up the laboratory",
        other.display()
    )
}

fn start(lab: &Lab) -> Result<Started> {
    folders::prepare(lab)?;
    config::write(lab)?;
    folders::link_configuration(lab)?;
    let mut started = Started::Before;
    for daemon in Daemon::in_order(lab) {
        if daemon.is_running(lab)? || daemon.is_served_by_another() {
            continue;
        }
        started = Started::Now;
        step(&format!("starting {}", daemon.name), || daemon.start(lab))?;
    }
    ready::wait_for_node(lab)?;
    Ok(started)
}

/// Cancels all jobs and stops our daemons, last started first.
pub(crate) fn down(lab: &Lab, purge: bool) -> Result<()> {
    if !lab.dir.exists() {
        say(format!("There is no laboratory in {}", lab.dir.display()));
        return Ok(());
    }
    let _lock = lab.lock()?;
    let daemons = Daemon::in_order(lab);
    if daemons
        .iter()
        .any(|daemon| daemon.name == "slurmctld" && daemon.is_running(lab).unwrap_or(false))
    {
        step("canceling jobs", jobs::cancel_all)?;
    }
    for daemon in daemons.iter().rev() {
        if daemon.is_running(lab)? {
            step(&format!("stopping {}", daemon.name), || daemon.stop(lab))?;
        }
        daemon.forget(lab)?;
    }
    if purge {
        step("removing users, configuration and state", || folders::purge(lab))?;
    }
    Ok(())
}

fn status(lab: &Lab) -> Result<()> {
    for daemon in Daemon::in_order(lab) {
        let state = match daemon.running_pid(lab)? {
            Some(pid) => format!("running, pid {pid}"),
            None => "not running".to_owned(),
        };
        say(format!("{:<10} {state}", daemon.name));
    }
    if !ready::node_is_ready() {
        bail!("the laboratory in {} is not up", lab.dir.display());
    }
    say(ready::summary()?);
    say(capture(Command::new("squeue").arg("--all"))?.trim_end());
    Ok(())
}

/// True when a cluster answers and its node takes jobs, whoever started it.
pub(crate) fn is_up() -> bool {
    ready::node_is_ready()
}
