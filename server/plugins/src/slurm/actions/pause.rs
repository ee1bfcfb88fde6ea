//! Pausing an allocation, and resuming it.
//!
//! A paused account has `GrpJobs=0`: jobs can still be submitted, and wait. Nothing else that the portal does touches that limit, so
//! that an allocation stays paused while its limits, members or terms change. A limit of jobs that the site set on the account
//! itself would be lost, so such an account is not paused. SLURM does not keep who suspended a job: resuming lets go on what an
//! operator suspended by hand as well.

use std::time::Duration;

use super::{OPEN, PAUSED};
use crate::{
    ActionOutcome, PluginError, Progress, ResourceRequest,
    slurm::{
        accounts::Accounts,
        change, counting,
        queue::{self, Queued},
    },
};

const STEPS: u32 = 4;
/// So many jobs are suspended or resumed before the action is brought again.
const AT_ONCE: usize = 1_000;
const SOON: Duration = Duration::from_secs(2);

pub(super) async fn pause(
    accounts: &Accounts<'_>,
    resource: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<ActionOutcome, PluginError> {
    progress.step(0, STEPS, "Looking at the account.").await;
    let living = change::require(accounts, resource).await?;
    let name = living.name.as_str();
    match accounts.most_jobs(name).await? {
        Some(0) => {}
        None => {
            require_enforcement(accounts, &living).await?;
            progress.step(1, STEPS, "Keeping jobs from starting.").await;
            accounts.set(name, &["GrpJobs=0".to_owned()]).await?;
        }
        Some(limit) => return Err(has_its_own_limit(name, limit)),
    }
    progress
        .step(2, STEPS, "Suspending the jobs that are running.")
        .await;
    // Those that take turns with others on their nodes would be let go on when it is their turn.
    let runs = |job: &Queued| job.is_running() || job.is_suspended() && !job.is_suspended_by_order();
    let all = queue::of_account(accounts, name).await?;
    let before = all.iter().filter(|job| job.is_running()).count();
    let failure = order(accounts, "suspend", all.iter().filter(|job| runs(job))).await?;
    progress
        .step(3, STEPS, "Comparing the account with what was asked for.")
        .await;
    let after = queue::of_account(accounts, name).await?;
    let running = after.iter().filter(|job| job.is_running()).count();
    let is_stuck = running >= before && after.iter().all(|job| job.state != "CONFIGURING");
    match failure {
        Some(failure) if running > 0 && is_stuck => return Err(failure),
        _ if running > 0 => return Ok(pending(running, "suspended")),
        _ => {}
    }
    require_limit(accounts, name, true).await?;
    progress.step(STEPS, STEPS, "The allocation is paused.").await;
    let message = match after.iter().filter(|job| job.is_suspended()).count() {
        0 => "The allocation is paused: no job of it starts.".to_owned(),
        1 => "The allocation is paused: no job of it starts, and one is suspended.".to_owned(),
        jobs => format!("The allocation is paused: no job of it starts, and {jobs} are suspended."),
    };
    Ok(ActionOutcome::now_in(PAUSED, message))
}

pub(super) async fn resume(
    accounts: &Accounts<'_>,
    resource: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<ActionOutcome, PluginError> {
    progress.step(0, STEPS, "Looking at the account.").await;
    let living = change::require(accounts, resource).await?;
    let name = living.name.as_str();
    progress
        .step(1, STEPS, "Resuming the jobs that are suspended.")
        .await;
    // First what was suspended, then what waits, which would otherwise take its place.
    let all = queue::of_account(accounts, name).await?;
    let suspended = all.iter().filter(|job| job.is_suspended());
    let before = all.iter().filter(|job| job.is_suspended_by_order()).count();
    let failure = order(accounts, "resume", suspended).await?;
    let after = queue::of_account(accounts, name).await?;
    let still = after.iter().filter(|job| job.is_suspended_by_order()).count();
    if still > 0 && still < before {
        return Ok(pending(still, "resumed"));
    }
    progress.step(2, STEPS, "Letting jobs start.").await;
    if accounts.most_jobs(name).await? == Some(0) {
        accounts.set(name, &["GrpJobs=-1".to_owned()]).await?;
    }
    // One job that cannot go on does not keep the others waiting.
    if still > 0 {
        return match failure {
            Some(failure) => Err(failure),
            None => Ok(pending(still, "resumed")),
        };
    }
    progress
        .step(3, STEPS, "Comparing the account with what was asked for.")
        .await;
    require_limit(accounts, name, false).await?;
    progress
        .step(STEPS, STEPS, "The allocation is open for jobs.")
        .await;
    Ok(ActionOutcome::now_in(OPEN, "Jobs of the allocation run again."))
}

async fn order<'a>(
    accounts: &Accounts<'_>,
    order: &str,
    jobs: impl Iterator<Item = &'a Queued>,
) -> Result<Option<PluginError>, PluginError> {
    let jobs: Vec<&Queued> = jobs.take(AT_ONCE).collect();
    queue::order(accounts, order, &jobs).await
}

fn pending(jobs: usize, what: &str) -> ActionOutcome {
    let waiting_for = match jobs {
        1 => format!("Waiting for one job to be {what}."),
        jobs => format!("Waiting for {jobs} jobs to be {what}."),
    };
    ActionOutcome::Pending {
        poll_after: SOON,
        waiting_for,
    }
}

/// Fails where the cluster would not keep jobs from starting, whatever the account's limit says.
async fn require_enforcement(accounts: &Accounts<'_>, account: &change::Living) -> Result<(), PluginError> {
    let args = ["-M", &accounts.settings().cluster, "show", "config"];
    let config = accounts.run("scontrol", &args).await?.expect_success()?;
    if !counting::enforces_limits(&config) {
        return Err(PluginError::needs_operator(
            "The cluster does not enforce limits (AccountingStorageEnforce lacks \"limits\"), so jobs would start all the same.",
        ));
    }
    // Where a quality of service has a limit of a sort, SLURM does not look at the account's of that sort.
    let limited = accounts.qos_with_most_jobs().await?;
    let of_partitions = if limited.is_empty() {
        Vec::new()
    } else {
        accounts.qos_of_partitions().await?
    };
    let counts = |qos: &&String| account.may_use(qos) || of_partitions.contains(*qos);
    if let Some(qos) = limited.iter().find(counts) {
        return Err(PluginError::needs_operator(format!(
            "The QOS \"{qos}\" has a limit of jobs of its own (GrpJobs), which counts instead of the account's: jobs would start all \
             the same. Limit that QOS otherwise, or take it from the account \"{}\".",
            account.name
        )));
    }
    Ok(())
}

fn has_its_own_limit(account: &str, limit: u64) -> PluginError {
    PluginError::needs_operator(format!(
        "The account \"{account}\" has a limit of jobs of its own (GrpJobs={limit}), which would be lost. Set it on the account \
         above instead; then try again."
    ))
}

/// Reads the limit back.
async fn require_limit(accounts: &Accounts<'_>, account: &str, is_paused: bool) -> Result<(), PluginError> {
    if (accounts.most_jobs(account).await? == Some(0)) == is_paused {
        return Ok(());
    }
    let reason =
        format!("The cluster does not show the account \"{account}\" as it was set; it is set again.");
    Err(PluginError::retry(Duration::from_secs(5), reason))
}
