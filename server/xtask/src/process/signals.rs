//! Ctrl-C and SIGTERM: passed on to every running group; the second time the groups are killed.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Starts the thread that waits for signals.
pub(crate) fn install() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let again = INTERRUPTED.swap(true, Ordering::SeqCst);
            let forwarded = match signal {
                _ if again => Signal::KILL,
                SIGINT => Signal::INT,
                _ => Signal::TERM,
            };
            send_to_all(forwarded);
        }
    });
    Ok(())
}

/// True once somebody asked this program to stop.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A short wait between two looks at something; an error when this program was asked to stop.
pub(crate) fn pause(time: Duration) -> Result<()> {
    thread::sleep(time);
    if interrupted() {
        bail!("interrupted");
    }
    Ok(())
}

fn send_to_all(signal: Signal) {
    for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        // A group that has just ended is no fault.
        let _ = kill_process_group(*group, signal);
    }
}

/// While this lives, signals are passed on to the child's group.
pub(super) struct Registered(Option<Pid>);

impl Registered {
    pub(super) fn of(child: &Child) -> Self {
        let group = Pid::from_child(child);
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(group);
        Self(Some(group))
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
        groups.retain(|group| Some(*group) != self.0);
    }
}
