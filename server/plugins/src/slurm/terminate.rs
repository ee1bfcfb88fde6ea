//! The end of an account: no new jobs, no running jobs, no account; then no empty accounts above it.

use std::time::Duration;

use super::{
    accounts::{Accounts, Found},
    association::Association,
    change, cluster, members,
    names::{self, AccountNames},
};
use crate::{Outcome, PluginError, Progress, ResourceRequest};

const STEPS: u32 = 5;

pub(super) async fn terminate(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<Outcome, PluginError> {
    let names = AccountNames::of(accounts.settings(), request)?;
    progress.step(0, STEPS, "Looking at the account.").await;
    let found = accounts.look(&[&names.resource]).await?;
    // An account of the same name that is not this resource's is somebody else's: for us there is nothing to remove.
    let mark = names::resource_mark(request.resource);
    let is_ours = found.mark(&names.resource) == Some(&mark);
    match found.account(&names.resource) {
        Some(own) if is_ours => {
            if let Some(pending) = remove(accounts, own, &found, progress).await? {
                return Ok(pending);
            }
        }
        _ => absent(accounts, &names.resource, is_ours).await?,
    }
    progress
        .step(4, STEPS, "Removing accounts that have become empty.")
        .await;
    tidy(accounts, &names, &mark).await?;
    progress.step(STEPS, STEPS, "The allocation is gone.").await;
    Ok(Outcome::Gone)
}

/// `Some` while jobs have still to end.
async fn remove(
    accounts: &Accounts<'_>,
    own: &Association,
    found: &Found,
    progress: &dyn Progress,
) -> Result<Option<Outcome>, PluginError> {
    let name = own.account.as_str();
    progress.step(1, STEPS, "Closing the account for new jobs.").await;
    change::close(accounts, own).await?;
    progress.step(2, STEPS, "Cancelling jobs.").await;
    let jobs = accounts.count_jobs(name).await?;
    if jobs > 0 {
        accounts.cancel_jobs(name, None).await?;
        return Ok(Some(ending(jobs)));
    }
    progress.step(3, STEPS, "Removing the account.").await;
    let users: Vec<&str> = members::names(&found.users(name)).into_iter().collect();
    members::move_defaults(accounts, name, &users).await?;
    let mut answer = accounts.remove(&[name]).await?;
    if answer.is_about_a_default_account() {
        members::remove_all(accounts, name, &users).await?;
        answer = accounts.remove(&[name]).await?;
    }
    // The database may think that a job runs for a moment longer than the controller does.
    if answer.has_active_jobs() {
        accounts.cancel_jobs(name, None).await?;
        return Ok(Some(ending(1)));
    }
    answer.expect_done()?;
    Ok(None)
}

/// The account is not on the cluster. That is the aim only if it is really this cluster that was meant.
async fn absent(accounts: &Accounts<'_>, name: &str, is_ours: bool) -> Result<(), PluginError> {
    cluster::require_cluster(accounts).await?;
    if !is_ours {
        return Ok(());
    }
    if !accounts.elsewhere(&[name]).await?.is_empty() {
        return Err(PluginError::needs_operator(format!(
            "The account \"{name}\" is on another cluster than the offering's settings name. Correct the cluster's name."
        )));
    }
    accounts.remove(&[name]).await?.expect_done()
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

/// Removes the project's and the organization's account if they are ours and nothing is below them. That nothing appears between the look
/// and the removal rests on [`crate::Plugin::concurrency`]: SLURM removes an account with everything below it.
async fn tidy(accounts: &Accounts<'_>, names: &AccountNames, mark: &str) -> Result<(), PluginError> {
    let AccountNames {
        organization,
        project,
        resource,
    } = names;
    let found = accounts.look(&[organization, project, resource]).await?;
    if found.mark(resource) == Some(mark) {
        return Err(PluginError::retry(
            Duration::from_secs(5),
            "The cluster still shows the account.",
        ));
    }
    let below = accounts.below(&[organization, project]).await?;
    let mut empty: Vec<&str> = Vec::new();
    for (name, mark) in [
        (project, names::PROJECT_MARK),
        (organization, names::ORGANIZATION_MARK),
    ] {
        let is_ours = found.mark(name) == Some(mark);
        let mut children = below.iter().filter(|child| child.parent == *name);
        let is_empty =
            children.all(|child| empty.contains(&child.account.as_str())) && found.users(name).is_empty();
        if is_ours && is_empty {
            empty.push(name);
        }
    }
    if empty.is_empty() {
        return Ok(());
    }
    let elsewhere = accounts.elsewhere(&empty).await?;
    let (kept, gone): (Vec<&str>, Vec<&str>) = empty.into_iter().partition(|name| elsewhere.contains(*name));
    if !gone.is_empty() {
        accounts.remove(&gone).await?.expect_done()?;
    }
    if !kept.is_empty() {
        accounts.remove_here(&kept).await?.expect_done()?;
    }
    Ok(())
}
