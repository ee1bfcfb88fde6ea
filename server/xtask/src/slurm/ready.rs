//! Looking at the laboratory with SLURM's own commands.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::Lab;
use crate::process::{capture, pause, succeeds};

pub(super) fn munge_answers() -> bool {
    succeeds(Command::new("munge").args(["--no-input", "--output=/dev/null"]))
}

pub(super) fn controller_answers() -> bool {
    capture(Command::new("scontrol").arg("ping")).is_ok_and(|text| text.contains("is UP"))
}

/// True when the controller lists the node in any state.
pub(super) fn node_is_known() -> bool {
    node_states().is_ok_and(|states| !states.is_empty())
}

/// True when at least one node takes jobs.
pub(crate) fn node_is_ready() -> bool {
    let takes_jobs = |state: &String| ["idle", "mix", "alloc"].contains(&state.as_str());
    node_states().is_ok_and(|states| states.iter().any(takes_jobs))
}

fn node_states() -> Result<Vec<String>> {
    let text = capture(Command::new("timeout").args(["5", "sinfo", "--noheader", "--format=%t"]))?;
    Ok(text.lines().map(|line| line.trim().to_owned()).collect())
}

/// Waits until the node takes jobs, and wakes it up when it went down while slurmd was away.
pub(super) fn wait_for_node(lab: &Lab) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(40);
    while !node_is_ready() {
        if Instant::now() > deadline {
            let why = capture(Command::new("sinfo").args(["--noheader", "--format=%t, reason: %E"]))?;
            bail!(
                "the node takes no jobs ({}); logs are in {}",
                why.trim(),
                lab.dir.join("log").display()
            );
        }
        let lost = |state: &String| state.starts_with("down") || state.starts_with("drain");
        if node_states()?.iter().any(lost) {
            let node = format!("NodeName={}", lab.node);
            succeeds(Command::new("scontrol").args(["update", &node, "State=RESUME"]));
        }
        pause(Duration::from_millis(200))?;
    }
    Ok(())
}

/// One line: cluster, node, CPUs, memory and GPUs.
pub(super) fn summary() -> Result<String> {
    let nodes =
        capture(Command::new("sinfo").args(["--noheader", "--format=node %n is %t, %c CPUs, %m MB, %G"]))?;
    let cluster = capture(Command::new("sacctmgr").args(["-n", "-P", "list", "cluster", "format=cluster"]))?;
    Ok(format!("cluster {}; {}", cluster.trim(), nodes.trim()))
}
