//! The end of an account: no new jobs, no running jobs, no account; then no empty accounts above it.

use std::time::Duration;

use tokio::sync::Mutex;

use super::{
    accounts::Accounts,
    change, members,
    names::{self, AccountNames},
    provision,
};
use crate::{Outcome, PluginError, Progress, ResourceRequest};

const STEPS: u32 = 5;

pub(super) async fn terminate(
    accounts: &Accounts<'_>,
    tree: &Mutex<()>,
    request: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<Outcome, PluginError> {
    let names = AccountNames::of(accounts.settings(), request)?;
    progress.step(0, STEPS, "Looking at the account.").await;
    provision::require_cluster(accounts).await?;
    let is_ours = match accounts.find_mark(&names.resource).await? {
        Some(mark) => mark == names::resource_mark(request.resource),
        None => false,
    };
    // An account of the same name that is not this resource's is somebody else's: for us there is nothing to remove.
    if is_ours && let Some(pending) = remove(accounts, &names.resource, progress).await? {
        return Ok(pending);
    }
    progress
        .step(4, STEPS, "Removing accounts that have become empty.")
        .await;
    tidy(accounts, tree, &names).await?;
    progress.step(STEPS, STEPS, "The allocation is gone.").await;
    Ok(Outcome::Gone)
}

/// `Some` while jobs have still to end.
async fn remove(
    accounts: &Accounts<'_>,
    name: &str,
    progress: &dyn Progress,
) -> Result<Option<Outcome>, PluginError> {
    let found = accounts.associations(name).await?;
    if let Some(account) = found.iter().find(|association| association.user.is_none()) {
        progress.step(1, STEPS, "Closing the account for new jobs.").await;
        change::close(accounts, account).await?;
        progress.step(2, STEPS, "Cancelling jobs.").await;
        let jobs = accounts.count_jobs(name).await?;
        if jobs > 0 {
            accounts.cancel_jobs(name, None).await?;
            return Ok(Some(ending(jobs)));
        }
        let users: Vec<&str> = members::of(&found).into_iter().collect();
        members::move_defaults(accounts, name, &users).await?;
    }
    progress.step(3, STEPS, "Removing the account.").await;
    let answer = accounts.remove(name, true).await?;
    // The database may think that a job runs for a moment longer than the controller does.
    if answer.has_active_jobs() {
        accounts.cancel_jobs(name, None).await?;
        return Ok(Some(ending(1)));
    }
    answer.expect_done()?;
    if accounts.find_mark(name).await?.is_some() {
        return Err(PluginError::retry(
            Duration::from_secs(5),
            "The cluster still shows the account.",
        ));
    }
    Ok(None)
}

fn ending(jobs: usize) -> Outcome {
    let waiting_for = match jobs {
        1 => "Waiting for the last job to end.".to_owned(),
        jobs => format!("Waiting for {jobs} jobs to end."),
    };
    Outcome::Pending {
        poll_after: Some(Duration::from_secs(2)),
        waiting_for,
    }
}

/// Removes the project's and the organization's account if they are ours and nothing is below them. Within this process the lock keeps a new
/// resource from appearing between the look and the removal; between processes `provision` reads back what it made.
async fn tidy(accounts: &Accounts<'_>, tree: &Mutex<()>, names: &AccountNames) -> Result<(), PluginError> {
    let _tree = tree.lock().await;
    let above = [
        (&names.project, names::PROJECT_MARK),
        (&names.organization, names::ORGANIZATION_MARK),
    ];
    for (name, mark) in above {
        let is_ours = accounts.find_mark(name).await?.is_some_and(|found| found == mark);
        if !is_ours || !accounts.is_empty(name).await? {
            continue;
        }
        let everywhere = !accounts.is_on_other_clusters(name).await?;
        accounts.remove(name, everywhere).await?.expect_done()?;
    }
    Ok(())
}
