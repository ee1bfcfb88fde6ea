//! The queue of a cluster, as far as it is acted upon: which jobs there are, whose they are, what they are at.
//!
//! Nothing that people type (names, comments, reasons) is asked for here: a line break in it could make up a job of somebody else.

use super::{accounts::Accounts, association, failure, job_id::JobId};
use crate::PluginError;

const FORMAT: &str = "%i|%a|%T|%Q";
/// So many jobs fit one command line with room to spare, and one command does not take long for them.
const AT_ONCE: usize = 100;

/// A job that is in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Queued {
    pub(super) id: JobId,
    pub(super) account: String,
    /// In SLURM's own words: `RUNNING`.
    pub(super) state: String,
    /// 0 where it is held, or was suspended by hand.
    priority: u64,
}

impl Queued {
    pub(super) fn is_pending(&self) -> bool {
        self.state == "PENDING"
    }

    /// It waits, and does not start by itself.
    pub(super) fn is_held(&self) -> bool {
        self.is_pending() && self.priority == 0
    }

    /// It runs, or is just being started.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.state.as_str(), "RUNNING" | "CONFIGURING")
    }

    pub(super) fn is_suspended(&self) -> bool {
        self.state == "SUSPENDED"
    }

    /// It was suspended by an order. One that only takes turns with others on its nodes keeps its priority.
    pub(super) fn is_suspended_by_order(&self) -> bool {
        self.is_suspended() && self.priority == 0
    }

    /// It is on its way out.
    pub(super) fn is_ending(&self) -> bool {
        self.state == "COMPLETING"
    }
}

/// The jobs of an account.
pub(super) async fn of_account(accounts: &Accounts<'_>, account: &str) -> Result<Vec<Queued>, PluginError> {
    let cluster = &accounts.settings().cluster;
    // -a: those in hidden partitions too.
    let args = ["-h", "-a", "-M", cluster, "-A", account, "-o", FORMAT];
    let text = accounts.run("squeue", &args).await?.expect_success()?;
    let jobs = read_all(&text)?;
    match jobs.iter().find(|job| job.account != account) {
        Some(foreign) => Err(failure::garbled(
            "squeue",
            &format!("{} of {}", foreign.id, foreign.account),
        )),
        None => Ok(jobs),
    }
}

/// Everything that has the number of this job, each element of an array for itself, whosever it is.
pub(super) async fn of_number(accounts: &Accounts<'_>, job: &JobId) -> Result<Vec<Queued>, PluginError> {
    let cluster = &accounts.settings().cluster;
    let args = ["-h", "-a", "-M", cluster, "-r", "-j", job.number(), "-o", FORMAT];
    let answer = accounts.run("squeue", &args).await?;
    if answer.knows_no_such_job() {
        return Ok(Vec::new());
    }
    read_all(&answer.expect_success()?)
}

fn read_all(text: &str) -> Result<Vec<Queued>, PluginError> {
    lines(text)
        .map(|line| read(line).ok_or_else(|| failure::garbled("squeue", line)))
        .collect()
}

/// The lines of an answer of `squeue`, without the name of the cluster.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    association::lines(text).filter(|line| !line.starts_with("CLUSTER:"))
}

fn read(line: &str) -> Option<Queued> {
    let [id, account, state, priority] = association::columns(line)?;
    if account.is_empty() || !is_state(state) {
        return None;
    }
    Some(Queued {
        id: JobId::read(id)?,
        account: account.to_owned(),
        state: state.to_owned(),
        priority: priority.parse().ok()?,
    })
}

/// Whether this can be a state in SLURM's words.
pub(super) fn is_state(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// Gives `scontrol` an order about these jobs. SLURM does what it can and tells what it could not: the failure, which whoever asked
/// compares with the queue.
pub(super) async fn order(
    accounts: &Accounts<'_>,
    order: &str,
    jobs: &[&Queued],
) -> Result<Option<PluginError>, PluginError> {
    let mut failure = None;
    let mut ids: Vec<String> = jobs.iter().map(|job| job.id.as_argument()).collect();
    ids.dedup();
    for ids in ids.chunks(AT_ONCE) {
        let args = ["-M", &accounts.settings().cluster, order, &ids.join(",")];
        let answer = accounts.run("scontrol", &args).await?;
        if !answer.is_success() {
            failure = Some(answer.failure());
        }
    }
    Ok(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_queue_is_read() {
        let text = "CLUSTER: lab\n67+1|acme|PENDING|1\n66_[2-4%1]|acme|PENDING|0\n65|acme|SUSPENDED|0\n66_1|acme|RUNNING|4294901\n";
        let read = read_all(text).unwrap();
        assert_eq!(read.len(), 4);
        assert!(read[0].id.key() == "67+1" && !read[0].is_held());
        assert!(read[1].is_held());
        assert!(read[2].is_suspended_by_order() && !read[2].is_running());
        assert!(read[3].is_running());
    }

    #[test]
    fn an_answer_of_another_shape_is_not_acted_upon() {
        for text in [
            "65|acme|RUNNING",
            "65|acme|RUNNING|1|x",
            "65||RUNNING|1",
            "65|acme|running|1",
            "65|acme||1",
            "65|acme|RUNNING|many",
            "x|acme|RUNNING|1",
            "<html>",
        ] {
            assert!(
                matches!(read_all(text), Err(PluginError::Retry { .. })),
                "{text:?} was taken"
            );
        }
        assert_eq!(read_all("\n").unwrap(), []);
    }
}
