//! One job of an allocation: held, released, cancelled.
//!
//! What was chosen is looked up anew before anything is done. All that an order would reach must be of this very account: an array or
//! a heterogeneous job can have parts in several.

use std::time::Duration;

use super::{CANCEL, HOLD, JOB, RELEASE};
use crate::{
    ActionOutcome, ActionRequest, PluginError,
    slurm::{
        accounts::Accounts,
        association, change, failure,
        job_id::JobId,
        queue::{self, Queued},
    },
};

const SOON: Duration = Duration::from_secs(2);

/// The job that was chosen, and the account that it must be of.
struct Chosen<'a> {
    accounts: &'a Accounts<'a>,
    account: String,
    job: JobId,
}

pub(super) async fn act(
    accounts: &Accounts<'_>,
    request: &ActionRequest,
) -> Result<ActionOutcome, PluginError> {
    let text = request.text(JOB).unwrap_or_default();
    let Some(job) = JobId::chosen(text) else {
        return Err(is_gone(&failure::shorten(text)));
    };
    let account = change::require(accounts, &request.resource).await?.name;
    let chosen = Chosen {
        accounts,
        account,
        job,
    };
    match request.key.as_str() {
        HOLD => chosen.hold().await,
        RELEASE => chosen.release().await,
        CANCEL => chosen.cancel().await,
        key => Err(PluginError::unknown_action(key)),
    }
}

impl Chosen<'_> {
    /// All of the queue that an order about the job reaches. Refused where any of it is of another account. Empty where nothing of it
    /// is there.
    async fn look(&self) -> Result<Vec<Queued>, PluginError> {
        let job = &self.job;
        let mut found = queue::of_number(self.accounts, job).await?;
        found.retain(|found| {
            if job.is_element() {
                // The element alone: the order names it.
                return found.id == *job;
            }
            // Of an array what waits: what runs of it is chosen by its own element.
            !found.id.is_element() || found.is_pending()
        });
        if found.iter().all(|found| found.account == self.account) {
            Ok(found)
        } else {
            Err(self.is_gone())
        }
    }

    /// Like [`Chosen::look`], of what waits. Refused where there is nothing, and where it runs.
    async fn look_at_waiting(&self, what: &str) -> Result<Vec<Queued>, PluginError> {
        let found = self.look().await?;
        if found.is_empty() {
            return Err(self.is_gone());
        }
        if !found.iter().all(Queued::is_pending) {
            return Err(PluginError::refused(format!(
                "The job {} does not wait any more. Only jobs that wait can be {what}.",
                self.job
            )));
        }
        Ok(found)
    }

    async fn hold(&self) -> Result<ActionOutcome, PluginError> {
        let waiting = self.look_at_waiting("held").await?;
        if !waiting.iter().all(Queued::is_held) {
            // What others hold would be theirs no more.
            if waiting.iter().any(Queued::is_held) {
                self.require_held_by_users(&waiting).await?;
            }
            // As if who submitted it held it, who can then release it on the cluster as well. Elements of an array that run go on; one
            // that is put back into the queue is held there. To name those that wait would make each a job of its own.
            self.order("uhold", &waiting).await?;
            if !self.look_at_waiting("held").await?.iter().all(Queued::is_held) {
                return Err(self.is_not_as_ordered());
            }
        }
        Ok(ActionOutcome::done(format!("The job {} is held.", self.job)))
    }

    async fn release(&self) -> Result<ActionOutcome, PluginError> {
        let waiting = self.look_at_waiting("released").await?;
        if waiting.iter().any(Queued::is_held) {
            self.require_held_by_users(&waiting).await?;
            self.order("release", &waiting).await?;
            if self.look().await?.iter().any(Queued::is_held) {
                return Err(self.is_not_as_ordered());
            }
        }
        let message = format!("The job {} is not held; it starts when it is its turn.", self.job);
        Ok(ActionOutcome::done(message))
    }

    async fn cancel(&self) -> Result<ActionOutcome, PluginError> {
        let done = || ActionOutcome::done(format!("The job {} was cancelled.", self.job));
        let found = self.look().await?;
        if found.is_empty() {
            return if self.was_cancelled().await? {
                Ok(done())
            } else {
                Err(self.is_gone())
            };
        }
        if found.iter().all(Queued::is_ending) {
            return Ok(done());
        }
        // An order about an array's number would end what runs of it, too.
        let only_waiting = found.iter().any(|found| found.id.is_element()) && !self.job.is_element();
        let job = self.job.as_argument();
        let mut args = vec!["-M", &self.accounts.settings().cluster, "-A", &self.account];
        args.extend(only_waiting.then_some("--state=PENDING"));
        args.push(&job);
        let answer = self.accounts.run("scancel", &args).await?;
        if self.look().await?.iter().all(Queued::is_ending) {
            return Ok(done());
        }
        if !answer.is_success() {
            return Err(answer.failure());
        }
        Ok(ActionOutcome::Pending {
            poll_after: SOON,
            waiting_for: format!("Waiting for the job {} to end.", self.job),
        })
    }

    /// Whether accounting says that the job, which is in no queue, was cancelled: then somebody, or a run of this very action that
    /// was cut off, has done what is asked for.
    async fn was_cancelled(&self) -> Result<bool, PluginError> {
        let number = if self.job.is_element() {
            self.job.key()
        } else {
            self.job.number().to_owned()
        };
        let cluster = &self.accounts.settings().cluster;
        let mut args = vec!["-M", cluster, "-a", "-X", "-P", "-n", "-A", &self.account];
        args.extend(["-j", &number, "--format=JobID,Account,State"]);
        let text = self.accounts.head("sacct", &args).await?.text;
        let mut was_cancelled = false;
        for line in association::lines(&text) {
            let [id, account, state] =
                association::columns(line).ok_or_else(|| failure::garbled("sacct", line))?;
            let Some(id) = JobId::read(id).filter(|_| account == self.account) else {
                continue;
            };
            if id.key() != self.job.key() {
                continue;
            }
            match state.split(' ').next().unwrap_or_default() {
                "CANCELLED" => was_cancelled = true,
                "PENDING" | "RUNNING" | "SUSPENDED" | "REQUEUED" => {
                    let reason = format!("Accounting does not say yet what became of the job {}.", self.job);
                    return Err(PluginError::retry(Duration::from_secs(5), reason));
                }
                _ => {}
            }
        }
        Ok(was_cancelled)
    }

    async fn order(&self, order: &str, jobs: &[Queued]) -> Result<(), PluginError> {
        // One order reaches all of them, by what they have in common.
        let job = self.job.as_argument();
        tracing::debug!(slurm.job = %job, slurm.parts = jobs.len(), "ordering about a job");
        let args = ["-M", &self.accounts.settings().cluster, order, &job];
        let answer = self.accounts.run("scontrol", &args).await?;
        if answer.is_success() {
            return Ok(());
        }
        if answer.knows_no_such_job() {
            Err(self.is_gone())
        } else {
            Err(answer.failure())
        }
    }

    /// Refused where somebody else than a user holds it: those who run the cluster, or the cluster itself.
    async fn require_held_by_users(&self, jobs: &[Queued]) -> Result<(), PluginError> {
        let cluster = &self.accounts.settings().cluster;
        let args = [
            "-h",
            "-a",
            "-M",
            cluster,
            "-r",
            "-j",
            self.job.number(),
            "-o",
            "%i|%r",
        ];
        let text = self.accounts.run("squeue", &args).await?.expect_success()?;
        let by_users = |job: &Queued| {
            let id = job.id.to_string();
            let mut pairs = queue::lines(&text).filter_map(|line| line.split_once('|'));
            let reason = pairs.find(|(found, _)| *found == id).map(|(_, reason)| reason);
            reason == Some("JobHeldUser")
        };
        if jobs.iter().filter(|job| job.is_held()).all(by_users) {
            return Ok(());
        }
        Err(PluginError::refused(format!(
            "The job {} is held by those who run the cluster. Ask them why.",
            self.job
        )))
    }

    fn is_gone(&self) -> PluginError {
        is_gone(&self.job.key())
    }

    fn is_not_as_ordered(&self) -> PluginError {
        let reason = format!(
            "The cluster does not show the job {} as it was set; it is set again.",
            self.job
        );
        PluginError::retry(Duration::from_secs(5), reason)
    }
}

fn is_gone(job: &str) -> PluginError {
    PluginError::refused(format!("The job {job} is not one of this allocation any more."))
}
