//! Running other programs so that none is left behind.
//!
//! Every child leads its own process group. Ctrl-C is forwarded to all groups, the waiting call then
//! returns an error, and the guards up the stack stop what runs in the background.

mod background;
mod signals;
mod sweep;

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

pub(crate) use background::Background;
pub(crate) use signals::{install as install_signal_handler, interrupted, pause};
pub(crate) use sweep::{adopt_orphans, stop_orphans};

use crate::step::say;

/// Runs with the terminal's output; an exit code other than 0 is an error.
pub(crate) fn stream(command: &mut Command) -> Result<()> {
    let status = wait(spawn(command.stdin(Stdio::null()))?)?;
    demand(command, status)
}

/// Runs silently and returns what was written to standard output.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} ended with {}: {}",
            describe(command),
            output.status,
            said.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs silently; true when it could be started and ended with 0.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs with all output in a file; on failure the end of that file is shown.
pub(crate) fn logged(command: &mut Command, log: &Path) -> Result<()> {
    let status = run_to_file(command, log)?;
    if !status.success() {
        say(tail(log, 30));
        bail!(
            "{} ended with {status}; the whole output is in {}",
            describe(command),
            log.display()
        );
    }
    Ok(())
}

/// Runs with all output in a file, whatever the exit code.
pub(crate) fn run_to_file(command: &mut Command, log: &Path) -> Result<ExitStatus> {
    let file = create_log(log)?;
    wait(spawn(
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file),
    )?)
}

/// Runs with its messages on the terminal and returns its standard output.
pub(crate) fn stdout_of(command: &mut Command) -> Result<String> {
    let mut child = spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let mut text = String::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_string(&mut text)?;
    }
    let status = wait(child)?;
    demand(command, status)?;
    Ok(text)
}

/// Runs until it ends by itself or this program is asked to stop, which is no error then: the signal is passed
/// on, and the child is waited for.
pub(crate) fn stream_until_asked_to_stop(command: &mut Command) -> Result<()> {
    let child = spawn(command.stdin(Stdio::null()))?;
    let status = wait_for(child)?;
    if interrupted() {
        Ok(())
    } else {
        demand(command, status)
    }
}

/// The last lines of a file, indented; empty when it cannot be read.
pub(crate) fn tail(path: &Path, lines: usize) -> String {
    let text = fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let last = all.get(all.len().saturating_sub(lines)..).unwrap_or_default();
    format!("    {}", last.join("\n    "))
}

pub(crate) fn create_log(log: &Path) -> Result<File> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    File::create(log).with_context(|| format!("cannot write {}", log.display()))
}

fn spawn(command: &mut Command) -> Result<Child> {
    if interrupted() {
        bail!("interrupted");
    }
    command
        .process_group(0)
        .spawn()
        .with_context(|| cannot_start(command))
}

fn wait_for(mut child: Child) -> Result<ExitStatus> {
    let _registered = signals::Registered::of(&child);
    Ok(child.wait()?)
}

fn wait(child: Child) -> Result<ExitStatus> {
    let status = wait_for(child)?;
    if interrupted() {
        bail!("interrupted");
    }
    Ok(status)
}

fn demand(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("{} ended with {status}", describe(command))
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start {}", describe(command))
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    format!("`{}`", line.join(" "))
}
