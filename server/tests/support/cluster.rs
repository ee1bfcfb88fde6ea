//! A real SLURM, and what a test asks it behind the portal's back.

use std::{
    fs::File,
    os::unix::process::CommandExt,
    process::{self, Command},
    time::SystemTime,
};

use chrono::{DateTime, Utc};

/// A cluster that answers, and a prefix that only this test uses.
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) prefix: String,
    /// One test at a time over all processes: SLURM does not survive two changes of its accounts at once.
    _lock: File,
}

impl Cluster {
    pub(crate) fn find() -> Self {
        let ping = output(Command::new("scontrol").arg("ping"));
        assert!(
            ping.contains("is UP"),
            "no SLURM answers; start one with `cargo xtask slurm up`: {ping}"
        );
        let clusters = output(Command::new("sacctmgr").args(["-nP", "list", "cluster", "format=cluster"]));
        let lock = File::create(std::env::temp_dir().join("stoa-slurm-tests.lock")).unwrap();
        lock.lock().unwrap();
        let name = clusters
            .lines()
            .next()
            .expect("accounting knows no cluster")
            .trim()
            .to_owned();
        Self {
            name,
            prefix: format!("api{:x}", process::id()),
            _lock: lock,
        }
    }

    /// `account|user|limits` of everything in the account.
    pub(crate) fn tree(&self, account: &str) -> Vec<String> {
        let place = [format!("cluster={}", self.name), format!("account={account}")];
        let mut command = Command::new("sacctmgr");
        command
            .args(["-nP", "show", "assoc", "where"])
            .args(place)
            .arg("format=Account,User,GrpTRESMins");
        output(&mut command).lines().map(str::to_owned).collect()
    }

    /// Submits a job that sleeps; what `sbatch` said.
    pub(crate) fn submit(&self, user: u32, account: &str, seconds: u32) -> String {
        let mut command = Command::new("sbatch");
        command.args(["-A", account, "-M", &self.name, "-o", "/dev/null", "-t", "2"]);
        command
            .args(["--wrap", &format!("sleep {seconds}")])
            .current_dir("/tmp")
            .uid(user)
            .gid(user);
        output(&mut command)
    }
}

impl Drop for Cluster {
    /// Whatever a failed test left.
    fn drop(&mut self) {
        let accounts = output(Command::new("sacctmgr").args(["-nP", "show", "account", "format=account"]));
        let start = format!("{}_", self.prefix);
        let own: Vec<&str> = accounts.lines().filter(|name| name.starts_with(&start)).collect();
        if !own.is_empty() {
            let names = format!("name={}", own.join(","));
            output(Command::new("scancel").arg(format!("--account={}", own.join(","))));
            output(Command::new("sacctmgr").args(["-i", "remove", "account", "where", &names]));
        }
    }
}

/// An ordinary user of this machine, as jobs need one: name and number.
pub(crate) fn unix_user() -> (String, u32) {
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let users = passwd.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        Some(((*fields.first()?).to_owned(), fields.get(2)?.parse().ok()?))
    });
    let mut ordinary = users
        .into_iter()
        .filter(|(_, number)| (1000..60000).contains(number));
    ordinary
        .next()
        .expect("no ordinary user on this machine; make one with `cargo xtask slurm up --user NAME`")
}

/// The real time, by which SLURM's accounting is dated.
pub(crate) fn real_now() -> DateTime<Utc> {
    SystemTime::now().into()
}

pub(crate) fn output(command: &mut Command) -> String {
    let answer = command
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr)
}
