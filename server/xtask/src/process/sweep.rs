//! The last net under the tests: whatever a test runner started and forgot becomes our child and is ended.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, wait};

use crate::step::say;

/// From now on processes whose parent dies become children of this one instead of the system's.
pub(crate) fn adopt_orphans() -> Result<()> {
    set_child_subreaper(Some(getpid())).context("cannot become the reaper of the tests' processes")
}

/// Ends every descendant that is left. Says which ones, since each is a leak in a test.
pub(crate) fn stop_orphans() {
    for signal in [Signal::TERM, Signal::KILL] {
        let left = descendants(getpid());
        for (pid, name) in &left {
            say(format!("  left behind by a test, stopping it: {name} ({pid:?})"));
            let _ = kill_process(*pid, signal);
        }
        for _ in 0..20 {
            reap();
            if descendants(getpid()).is_empty() {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

fn reap() {
    while matches!(wait(WaitOptions::NOHANG), Ok(Some(_))) {}
}

fn descendants(of: Pid) -> Vec<(Pid, String)> {
    let all: Vec<(Pid, i32, String)> = living();
    let mut found: Vec<(Pid, String)> = Vec::new();
    let mut parents = vec![of.as_raw_nonzero().get()];
    while let Some(parent) = parents.pop() {
        for (pid, _, name) in all.iter().filter(|(_, its_parent, _)| *its_parent == parent) {
            parents.push(pid.as_raw_nonzero().get());
            found.push((*pid, name.clone()));
        }
    }
    found
}

fn living() -> Vec<(Pid, i32, String)> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(describe).collect()
}

/// Pid, parent and name of a process that is not a zombie.
fn describe(pid: i32) -> Option<(Pid, i32, String)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (head, rest) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    (state != "Z").then_some((Pid::from_raw(pid)?, parent, name))
}
