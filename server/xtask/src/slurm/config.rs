//! The configuration files of the laboratory.

use std::net::{IpAddr, ToSocketAddrs};

use anyhow::{Context, Result};

use super::Lab;
use super::ownership::owned_file;

pub(super) const CLUSTER: &str = "stoa";
/// The database listens on loopback only and holds test data.
pub(super) const DATABASE_PASSWORD: &str = "only-for-the-laboratory";
/// The files that SLURM's commands look for in /etc/slurm.
pub(super) const FILES: &[&str] = &["slurm.conf", "slurmdbd.conf", "gres.conf", "cgroup.conf"];

/// Not MariaDB's usual port: the machine may run a MariaDB of its own.
const DATABASE_PORT: u16 = 33306;

/// Writes all files; the same input gives the same files.
pub(super) fn write(lab: &Lab) -> Result<()> {
    let loopback = own_name_is_loopback(&lab.node)?;
    let etc = lab.etc();
    owned_file(&etc.join("my.cnf"), "root", 0o644, mariadb(lab).as_bytes())?;
    // slurmdbd refuses to start when anybody else may read the password.
    owned_file(
        &etc.join("slurmdbd.conf"),
        "slurm",
        0o600,
        slurmdbd(lab, loopback).as_bytes(),
    )?;
    owned_file(
        &etc.join("slurm.conf"),
        "root",
        0o644,
        slurm(lab, loopback).as_bytes(),
    )?;
    // Pretend GPUs: the node is refused without device files, and any two character devices will do as long
    // as no cgroup confines jobs to them.
    let gpus = format!("NodeName={} Name=gpu File=/dev/null,/dev/zero\n", lab.node);
    owned_file(&etc.join("gres.conf"), "root", 0o644, gpus.as_bytes())?;
    owned_file(
        &etc.join("cgroup.conf"),
        "root",
        0o644,
        b"CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n",
    )
}

/// SLURM can be told to listen only where its own host name points. That keeps it off the network only if
/// the name points to loopback; otherwise the daemons listen everywhere, as they do by default.
fn own_name_is_loopback(node: &str) -> Result<bool> {
    let mut addresses = (node, 0).to_socket_addrs().with_context(|| {
        format!("the host name {node} has no address; add `127.0.0.1 {node}` to /etc/hosts")
    })?;
    Ok(addresses.all(|address| matches!(address.ip(), IpAddr::V4(ip) if ip.is_loopback())))
}

fn mariadb(lab: &Lab) -> String {
    let home = lab.dir.join("mariadb");
    let home = home.display();
    format!(
        "[client-server]\n\
         socket={home}/run/mariadb.sock\n\
         [mariadbd]\n\
         datadir={home}/data\n\
         pid-file={home}/run/mariadb.pid\n\
         log-error={home}/run/mariadb.err\n\
         bind-address=127.0.0.1\n\
         port={DATABASE_PORT}\n\
         skip-name-resolve\n\
         # Small and fast rather than safe: all of it can be made again.\n\
         performance_schema=OFF\n\
         innodb_buffer_pool_size=64M\n\
         innodb_flush_log_at_trx_commit=0\n\
         innodb_lock_wait_timeout=600\n"
    )
}

fn slurmdbd(lab: &Lab, loopback: bool) -> String {
    let dir = lab.dir.display();
    let listen = if loopback {
        "CommunicationParameters=NoInAddrAny\n"
    } else {
        ""
    };
    format!(
        "AuthType=auth/munge\n\
         SlurmUser=slurm\n\
         DbdHost=localhost\n\
         DbdAddr=127.0.0.1\n\
         DbdPort=6819\n\
         {listen}\
         StorageType=accounting_storage/mysql\n\
         StorageHost=127.0.0.1\n\
         StoragePort={DATABASE_PORT}\n\
         StorageLoc=slurm_acct_db\n\
         StorageUser=slurm\n\
         StoragePass={DATABASE_PASSWORD}\n\
         LogFile={dir}/log/slurm/slurmdbd.log\n\
         PidFile={dir}/run/slurm/slurmdbd.pid\n"
    )
}

fn slurm(lab: &Lab, loopback: bool) -> String {
    let listen = if loopback {
        "CommunicationParameters=NoCtldInAddrAny,NoInAddrAny\n"
    } else {
        ""
    };
    [
        who_and_where(lab),
        listen.to_owned(),
        without_cgroups(),
        scheduling(),
        accounting(),
        machines(&lab.node),
    ]
    .concat()
}

fn who_and_where(lab: &Lab) -> String {
    let (dir, node) = (lab.dir.display(), &lab.node);
    format!(
        "ClusterName={CLUSTER}\n\
         SlurmctldHost={node}(127.0.0.1)\n\
         SlurmUser=slurm\n\
         SlurmdUser=root\n\
         AuthType=auth/munge\n\
         CredType=cred/munge\n\
         SlurmctldPort=6817\n\
         SlurmdPort=6818\n\
         StateSaveLocation={dir}/slurmctld\n\
         SlurmdSpoolDir={dir}/slurmd\n\
         SlurmctldLogFile={dir}/log/slurm/slurmctld.log\n\
         SlurmdLogFile={dir}/log/slurmd.log\n\
         SlurmctldPidFile={dir}/run/slurm/slurmctld.pid\n\
         SlurmdPidFile={dir}/run/slurmd.pid\n\
         MailProg=/bin/true\n\
         ReturnToService=2\n"
    )
}

/// Containers and bare machines without systemd delegate no cgroups, so nothing here asks for them.
fn without_cgroups() -> String {
    "ProctrackType=proctrack/linuxproc\n\
     TaskPlugin=task/none\n\
     JobAcctGatherType=jobacct_gather/linux\n\
     JobAcctGatherFrequency=task=5\n\
     SwitchType=switch/none\n\
     MpiDefault=none\n"
        .to_owned()
}

/// Usage must never decay: limits in minutes are compared with all that was used.
fn scheduling() -> String {
    "SchedulerType=sched/backfill\n\
     SchedulerParameters=sched_interval=2,bf_interval=2\n\
     SelectType=select/cons_tres\n\
     SelectTypeParameters=CR_Core_Memory\n\
     MinJobAge=300\n\
     KillWait=2\n\
     PriorityType=priority/multifactor\n\
     PriorityDecayHalfLife=0\n\
     PriorityUsageResetPeriod=NONE\n\
     PriorityCalcPeriod=1\n"
        .to_owned()
}

fn accounting() -> String {
    "AccountingStorageType=accounting_storage/slurmdbd\n\
     AccountingStorageHost=localhost\n\
     AccountingStoragePort=6819\n\
     AccountingStorageEnforce=associations,limits,qos,safe\n\
     AccountingStorageTRES=gres/gpu\n\
     GresTypes=gpu\n"
        .to_owned()
}

/// The node claims more than a small machine has, so that several test jobs run at once. The default time
/// matters: with `safe` a job without a time limit would wait for ever in an account with limits.
fn machines(node: &str) -> String {
    format!(
        "SlurmdParameters=config_overrides\n\
         NodeName={node} NodeAddr=127.0.0.1 CPUs=8 Boards=1 SocketsPerBoard=1 CoresPerSocket=8 ThreadsPerCore=1 \
         RealMemory=16000 Gres=gpu:2 State=UNKNOWN\n\
         PartitionName=standard Nodes={node} Default=YES DefaultTime=00:05:00 MaxTime=1-00:00:00 DefMemPerCPU=100 \
         State=UP\n\
         PartitionName=gpu Nodes={node} DefaultTime=00:05:00 MaxTime=1-00:00:00 DefMemPerCPU=100 State=UP\n"
    )
}
