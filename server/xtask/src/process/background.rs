//! A program that runs beside us until its guard is dropped.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

use super::{cannot_start, create_log};

/// Stops the whole group of the program when dropped: politely first, then by force.
pub(crate) struct Background {
    child: Child,
    polite: Signal,
    timeout: Duration,
}

impl Background {
    /// Starts a program with its output in a file.
    pub(crate) fn start(command: &mut Command, log: &Path, polite: Signal) -> Result<Self> {
        let file = create_log(log)?;
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0);
        let child = command.spawn().with_context(|| cannot_start(command))?;
        Ok(Self {
            child,
            polite,
            timeout: Duration::from_secs(20),
        })
    }

    /// Memory that it holds, in kB.
    pub(crate) fn memory(&self) -> Result<u64> {
        let path = Path::new("/proc")
            .join(self.child.id().to_string())
            .join("status");
        let text = fs::read_to_string(path)?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let figure = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        figure.context("the system does not say how much memory a program holds")
    }

    /// True when the program has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }

    /// Asks the program to end and says how long that took; nothing when it does not end within this time.
    pub(crate) fn stop(&mut self, within: Duration) -> Option<Duration> {
        let asked = Instant::now();
        let _ = kill_process_group(Pid::from_child(&self.child), self.polite);
        self.wait_until(asked + within).then(|| asked.elapsed())
    }

    fn wait_until(&mut self, deadline: Instant) -> bool {
        while !self.has_ended() {
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(50));
        }
        true
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.child);
        if !self.has_ended() {
            let _ = kill_process_group(group, self.polite);
            self.wait_until(Instant::now() + self.timeout);
        }
        // Also ends children that outlived their parent in the same group.
        let _ = kill_process_group(group, Signal::KILL);
        drop(self.child.wait());
    }
}
