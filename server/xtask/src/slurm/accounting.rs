//! The accounting database below SLURM, and the cluster's entry in it.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::Lab;
use super::config::{CLUSTER, DATABASE_PASSWORD};
use super::ownership::owned;
use crate::packages::user;
use crate::process::{capture, logged, succeeds};

/// Creates MariaDB's data directory unless it is there.
pub(super) fn create_data_directory(lab: &Lab) -> Result<()> {
    let data = lab.dir.join("mariadb/data");
    // The marker is written last, so a creation that was cut short is begun again.
    let complete = data.join(".complete");
    if complete.exists() {
        return Ok(());
    }
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    owned(&data, "mysql", 0o700)?;
    let (uid, gid) = user("mysql")?;
    let mut command = Command::new("mariadb-install-db");
    command.arg(format!("--defaults-file={}", lab.etc().join("my.cnf").display()));
    command.args([
        "--auth-root-authentication-method=socket",
        "--auth-root-socket-user=root",
        "--skip-test-db",
    ]);
    // Through the loader of users it would look for a group it may not change to; as root it changes itself.
    command.arg("--user=mysql").current_dir("/");
    logged(&mut command, &lab.dir.join("log/mariadb-install.log"))
        .context("cannot create the accounting database")?;
    File::create(&complete)?;
    std::os::unix::fs::chown(&complete, Some(uid), Some(gid))?;
    Ok(())
}

/// Makes the accounting schema and its user; false while the server does not answer yet.
pub(super) fn prepare_database(lab: &Lab) -> Result<bool> {
    if !succeeds(client(lab).args(["-e", "select 1"])) {
        return Ok(false);
    }
    let statements = format!(
        "create database if not exists slurm_acct_db; \
         create user if not exists 'slurm'@'127.0.0.1' identified by '{DATABASE_PASSWORD}'; \
         grant all on slurm_acct_db.* to 'slurm'@'127.0.0.1';"
    );
    capture(client(lab).args(["-e", &statements]))?;
    Ok(true)
}

fn client(lab: &Lab) -> Command {
    let mut command = Command::new("mariadb");
    command.arg(format!("--defaults-file={}", lab.etc().join("my.cnf").display()));
    command.arg("--user=root").stdin(Stdio::null());
    command
}

/// Registers the cluster: slurmctld enforces associations and refuses to start for a cluster nobody knows.
pub(super) fn know_cluster() -> Result<bool> {
    let Ok(known) = capture(&mut sacctmgr(&["list", "cluster", "format=cluster"])) else {
        return Ok(false);
    };
    if known.lines().any(|line| line.trim() == CLUSTER) {
        return Ok(true);
    }
    capture(&mut sacctmgr(&["add", "cluster", CLUSTER]))?;
    let known = capture(&mut sacctmgr(&["list", "cluster", "format=cluster"]))?;
    if !known.lines().any(|line| line.trim() == CLUSTER) {
        bail!("sacctmgr did not add the cluster {CLUSTER}");
    }
    Ok(true)
}

fn sacctmgr(words: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command
        .args(["20", "sacctmgr", "--immediate", "--noheader", "--parsable2"])
        .args(words)
        .process_group(0);
    command
}
