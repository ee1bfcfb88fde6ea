//! The real SLURM these tests need, and what they ask it behind the plugin's back.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what is not as it must be fails the test"
)]

use std::{
    collections::BTreeMap,
    fs::File,
    os::unix::process::CommandExt,
    process::{self, Command},
    time::{Duration, SystemTime},
};

use chrono::{DateTime, TimeDelta, Utc};
use model::ids::{OrderId, ResourceId};
use plugins::{ResourceRequest, Settings, UsageRequest, Window, contract::Fixture};
use serde_json::json;
use uuid::Uuid;

/// A cluster that answers, and a prefix that only this test uses.
pub(crate) struct Lab {
    pub(crate) cluster: String,
    pub(crate) prefix: String,
    /// One test at a time: SLURM 22.05 does not survive two changes of its accounts at once, and tests are processes.
    _lock: File,
}

impl Lab {
    /// Finds the cluster, or fails: these tests are asked for by name, so a missing laboratory is a failure and not a reason to skip.
    pub(crate) fn find(test: &str) -> Self {
        let ping = output(Command::new("scontrol").arg("ping"));
        assert!(
            ping.contains("is UP"),
            "no SLURM answers; start one with `cargo xtask slurm up`. scontrol said: {ping}"
        );
        let clusters = sacctmgr(&["list", "cluster", "format=cluster"]);
        let cluster = clusters
            .lines()
            .next()
            .expect("accounting knows no cluster")
            .trim()
            .to_owned();
        let lock = File::create(std::env::temp_dir().join("stoa-slurm-tests.lock")).unwrap();
        lock.lock().unwrap();
        Self {
            cluster,
            prefix: format!("{test}{:x}", process::id()),
            _lock: lock,
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings_with(json!({}))
    }

    pub(crate) fn settings_with(&self, more: serde_json::Value) -> Settings {
        let mut values = json!({ "cluster": self.cluster, "account_prefix": self.prefix });
        values
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        Settings::new(values, BTreeMap::new())
    }

    /// A request for the resource of this name in the test's only project. Users are the test's own, but for `user()`.
    pub(crate) fn request(&self, resource: &str) -> ResourceRequest {
        let plain = Fixture::plain().request;
        let mut names = plain.names;
        resource.clone_into(&mut names.resource);
        let id = Uuid::new_v5(
            &Uuid::NAMESPACE_OID,
            format!("{}/{resource}", self.prefix).as_bytes(),
        );
        ResourceRequest {
            order: Some(OrderId(id)),
            resource: ResourceId(id),
            names,
            settings: self.settings(),
            members: vec![self.user_name("ann"), self.user_name("ben")],
            ..plain
        }
    }

    /// Like [`Lab::request`], in an organization of its own.
    pub(crate) fn request_of(&self, organization: &str) -> ResourceRequest {
        let mut request = self.request(organization);
        organization.clone_into(&mut request.names.organization);
        "one".clone_into(&mut request.names.resource);
        request
    }

    /// The part of [`Lab::tree`] that belongs to an organization, with `O` for its name.
    pub(crate) fn tree_of(&self, organization: &str) -> Vec<String> {
        let start = format!("P_{organization}");
        let own = self.tree().into_iter().filter(|line| line.starts_with(&start));
        own.map(|line| line.replace(&start, "O")).collect()
    }

    pub(crate) fn user_name(&self, name: &str) -> String {
        format!("{}_{name}", self.prefix)
    }

    pub(crate) fn account(&self, resource: &str) -> String {
        format!("{}_contract_suite_{resource}", self.prefix)
    }

    /// `account|user|parent|minutes|max submit` of everything below the prefix, sorted.
    pub(crate) fn tree(&self) -> Vec<String> {
        let cluster = format!("cluster={}", self.cluster);
        let format = "format=Account,User,ParentName,GrpTRESMins,MaxSubmitJobs";
        let text = sacctmgr(&["show", "assoc", "where", &cluster, format]);
        self.own(&text)
    }

    /// The accounts, also those without an association.
    pub(crate) fn accounts(&self) -> Vec<String> {
        self.own(&sacctmgr(&["show", "account", "format=account"]))
    }

    fn own(&self, text: &str) -> Vec<String> {
        let start = format!("{}_", self.prefix);
        let mut lines: Vec<String> = text
            .lines()
            .filter(|line| line.starts_with(&start))
            .map(|line| line.replace(&self.prefix, "P"))
            .collect();
        lines.sort_unstable();
        lines
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if self.accounts().is_empty() {
            return;
        }
        let accounts: Vec<String> = self
            .accounts()
            .iter()
            .map(|name| name.replacen('P', &self.prefix, 1))
            .collect();
        for account in &accounts {
            output(Command::new("scancel").args(["-A", account]));
        }
        // SLURM does not remove the default account of a user who has another, so the test's users go first.
        let users = format!("name={},{}", self.user_name("ann"), self.user_name("ben"));
        output(Command::new("sacctmgr").args(["-i", "remove", "user", "where", &users]));
        let names = format!("name={}", accounts.join(","));
        output(Command::new("sacctmgr").args(["-i", "remove", "account", "where", &names]));
    }
}

/// Asks for what a resource used lately.
pub(crate) fn usage_today(resource: ResourceRequest) -> UsageRequest {
    let now = now();
    UsageRequest {
        resource,
        window: Window {
            start: now - TimeDelta::hours(2),
            end: now,
        },
        now,
    }
}

/// The real time: SLURM's accounting is dated by it.
fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    DateTime::from_timestamp(i64::try_from(since.as_secs()).unwrap(), 0).unwrap()
}

pub(crate) fn sacctmgr(args: &[&str]) -> String {
    output(Command::new("sacctmgr").args(["-n", "-P"]).args(args))
}

pub(crate) fn output(command: &mut Command) -> String {
    let answer = command
        .env("LC_ALL", "C")
        .output()
        .unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr)
}

/// An ordinary user of this machine, as jobs need one: name and number.
pub(crate) fn user() -> (String, u32) {
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let users = passwd.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        Some((fields.first()?.to_string(), fields.get(2)?.parse().ok()?))
    });
    users
        .into_iter()
        .find(|(_, id)| (1000..60000).contains(id))
        .expect("no ordinary user on this machine; make one with `cargo xtask slurm up --user NAME`")
}

/// Submits a job that sleeps; what `sbatch` said.
pub(crate) fn submit(user: u32, account: &str, more: &[&str], seconds: u32) -> String {
    let mut command = Command::new("sbatch");
    command
        .args(["-A", account, "-o", "/dev/null", "-t", "2"])
        .args(more);
    command
        .args(["--wrap", &format!("sleep {seconds}")])
        .current_dir("/tmp")
        .uid(user)
        .gid(user);
    output(&mut command)
}

/// Waits until something holds, or fails with what it was.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..720 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("waited three minutes in vain for: {what}");
}
