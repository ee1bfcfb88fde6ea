//! The five daemons: how each is started, recognised, waited for and stopped.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::{Lab, accounting, ready};
use crate::packages::user;
use crate::process::{pause, tail};

/// One daemon of the laboratory.
pub(crate) struct Daemon {
    pub(crate) name: &'static str,
    user: &'static str,
    command: Vec<String>,
    timeout: Duration,
    ready: fn(&Lab) -> Result<bool>,
}

impl Daemon {
    /// In the order in which they are started; each needs those before it.
    pub(crate) fn in_order(lab: &Lab) -> Vec<Self> {
        vec![munged(lab), mariadbd(lab), slurmdbd(), slurmctld(), slurmd(lab)]
    }

    /// A munged that the system runs serves us as well.
    pub(crate) fn is_served_by_another(&self) -> bool {
        self.name == "munged" && ready::munge_answers()
    }

    pub(crate) fn is_running(&self, lab: &Lab) -> Result<bool> {
        Ok(self.running_pid(lab)?.is_some())
    }

    /// The pid of the daemon we started, if that very process is still alive.
    pub(crate) fn running_pid(&self, lab: &Lab) -> Result<Option<i32>> {
        let file = self.record(lab);
        if !file.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let Some((pid, started)) = text.trim().split_once(' ') else {
            return Ok(None);
        };
        let pid: i32 = pid
            .parse()
            .with_context(|| format!("{} holds no pid", file.display()))?;
        Ok((start_time(pid).as_deref() == Some(started)).then_some(pid))
    }

    pub(crate) fn start(&self, lab: &Lab) -> Result<()> {
        let (uid, gid) = user(self.user)?;
        let out = File::create(self.output(lab))?;
        // A session of its own: the daemon outlives this command and its terminal. `setsid` replaces itself
        // with the program, so the child's pid is the daemon's.
        let mut command = Command::new("setsid");
        command
            .args(&self.command)
            .uid(uid)
            .gid(gid)
            .current_dir("/")
            .env_remove("SLURM_CONF");
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.name))?;
        let pid = Pid::from_child(&child).as_raw_nonzero().get();
        let started = start_time(pid).unwrap_or_default();
        fs::write(self.record(lab), format!("{pid} {started}\n"))?;
        self.wait_until_ready(lab)
    }

    fn wait_until_ready(&self, lab: &Lab) -> Result<()> {
        let deadline = Instant::now() + self.timeout;
        while !(self.ready)(lab)? {
            if !self.is_running(lab)? || Instant::now() > deadline {
                let said = tail(&self.output(lab), 15);
                bail!(
                    "{} did not become ready; logs are in {}\n{said}",
                    self.name,
                    lab.dir.join("log").display()
                );
            }
            pause(Duration::from_millis(100))?;
        }
        Ok(())
    }

    pub(crate) fn stop(&self, lab: &Lab) -> Result<()> {
        for signal in [Signal::TERM, Signal::KILL] {
            let deadline = Instant::now() + self.timeout;
            while let Some(pid) = self.running_pid(lab)?.and_then(Pid::from_raw) {
                if Instant::now() > deadline {
                    break;
                }
                // Asked once per look: a daemon that is still starting may miss the first signal.
                let _ = kill_process(pid, signal);
                std::thread::sleep(Duration::from_millis(200));
            }
        }
        if self.is_running(lab)? {
            bail!("{} cannot be stopped", self.name);
        }
        Ok(())
    }

    pub(crate) fn forget(&self, lab: &Lab) -> Result<()> {
        let file = self.record(lab);
        if file.exists() {
            fs::remove_file(&file)?;
        }
        Ok(())
    }

    fn record(&self, lab: &Lab) -> PathBuf {
        lab.dir.join("run").join(format!("{}.started", self.name))
    }

    fn output(&self, lab: &Lab) -> PathBuf {
        lab.dir.join("log").join(format!("{}.out", self.name))
    }
}

/// When a process was started, in clock ticks; none when it is gone or only waits for its parent to notice.
/// Together with the pid it names a process for good, as pids are used again.
fn start_time(pid: i32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let state = fields.first()?;
    (*state != "Z" && *state != "X").then(|| fields.get(19).map(ToString::to_string))?
}

fn munged(lab: &Lab) -> Daemon {
    let home = lab.dir.join("munge");
    let option = |name: &str, file: &str| format!("--{name}={}", home.join(file).display());
    Daemon {
        name: "munged",
        user: "munge",
        command: vec![
            "/usr/sbin/munged".into(),
            "--foreground".into(),
            // A socket left by a crash would otherwise stop it from starting.
            "--force".into(),
            option("key-file", "munge.key"),
            option("log-file", "munged.log"),
            option("pid-file", "munged.pid"),
            option("seed-file", "seed"),
        ],
        timeout: Duration::from_secs(20),
        ready: |_| Ok(ready::munge_answers()),
    }
}

fn mariadbd(lab: &Lab) -> Daemon {
    Daemon {
        name: "mariadbd",
        user: "mysql",
        command: vec![
            "/usr/sbin/mariadbd".into(),
            format!("--defaults-file={}", lab.etc().join("my.cnf").display()),
        ],
        timeout: Duration::from_secs(90),
        ready: accounting::prepare_database,
    }
}

fn slurmdbd() -> Daemon {
    Daemon {
        name: "slurmdbd",
        user: "slurm",
        command: vec!["/usr/sbin/slurmdbd".into(), "-D".into()],
        timeout: Duration::from_secs(90),
        ready: |_| accounting::know_cluster(),
    }
}

fn slurmctld() -> Daemon {
    Daemon {
        name: "slurmctld",
        user: "slurm",
        command: vec!["/usr/sbin/slurmctld".into(), "-D".into()],
        timeout: Duration::from_mins(1),
        ready: |_| Ok(ready::controller_answers()),
    }
}

fn slurmd(lab: &Lab) -> Daemon {
    Daemon {
        name: "slurmd",
        user: "root",
        command: vec![
            "/usr/sbin/slurmd".into(),
            "-D".into(),
            "-N".into(),
            lab.node.clone(),
        ],
        timeout: Duration::from_mins(1),
        ready: |_| Ok(ready::node_is_known()),
    }
}
