//! Changes of a living account: limits, members, pause and resume; and the look whether the cluster took them.

use std::{collections::BTreeSet, time::Duration};

use super::{
    accounts::Accounts,
    association::Association,
    limits, members,
    names::{self, AccountNames},
    provision,
};
use crate::{Outcome, PluginError, Progress, ResourceRequest};

/// The account's own association; fails where it is gone or is not this resource's.
pub(super) async fn require(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
) -> Result<Association, PluginError> {
    let name = AccountNames::of(accounts.settings(), request)?.resource;
    let is_ours = accounts
        .find_mark(&name)
        .await?
        .is_some_and(|mark| mark == names::resource_mark(request.resource));
    match accounts.find(&name).await? {
        Some(account) if is_ours => Ok(account),
        _ => {
            provision::require_cluster(accounts).await?;
            Err(PluginError::needs_operator(format!(
                "The cluster has no account \"{name}\" of this resource any more. Restore it, or terminate the resource."
            )))
        }
    }
}

pub(super) async fn limits(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<Outcome, PluginError> {
    const STEPS: u32 = 3;
    let wanted = limits::wanted(accounts.settings(), &request.limits)?;
    progress.step(0, STEPS, "Looking at the account.").await;
    let account = require(accounts, request).await?;
    progress.step(1, STEPS, "Setting the limits.").await;
    let found = limits::in_force(accounts.settings(), &account)?;
    if let Some(change) = limits::change(&found, &wanted) {
        accounts.set(&account.account, &[change]).await?;
    }
    progress
        .step(2, STEPS, "Comparing the account with the order.")
        .await;
    verify(accounts, &account.account, &wanted, None).await?;
    progress.step(STEPS, STEPS, "The new limits are in force.").await;
    Ok(provision::ready(accounts, &account.account))
}

pub(super) async fn members(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
) -> Result<Outcome, PluginError> {
    let wanted = members::check(&request.members)?;
    let account = require(accounts, request).await?;
    let found = accounts.associations(&account.account).await?;
    members::sync(accounts, &account.account, &found, &wanted).await?;
    Ok(provision::ready(accounts, &account.account))
}

/// Stops new jobs; those that run may end. This is what SLURM refuses clearly, where a limit of nothing would only make jobs wait.
pub(super) async fn pause(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
) -> Result<Outcome, PluginError> {
    let account = require(accounts, request).await?;
    close(accounts, &account).await?;
    Ok(provision::ready(accounts, &account.account))
}

pub(super) async fn resume(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
) -> Result<Outcome, PluginError> {
    let account = require(accounts, request).await?;
    if is_closed(&account) {
        accounts
            .set(&account.account, &["MaxSubmitJobs=-1".to_owned()])
            .await?;
    }
    Ok(provision::ready(accounts, &account.account))
}

/// Makes an account refuse new jobs.
pub(super) async fn close(accounts: &Accounts<'_>, account: &Association) -> Result<(), PluginError> {
    if is_closed(account) {
        return Ok(());
    }
    accounts
        .set(&account.account, &["MaxSubmitJobs=0".to_owned()])
        .await
}

/// Whether an account refuses new jobs.
pub(super) fn is_closed(account: &Association) -> bool {
    account.max_submit == Some(0)
}

/// Reads the account back. The commands' word is not enough: another process may have removed the account's parent meanwhile.
pub(super) async fn verify(
    accounts: &Accounts<'_>,
    name: &str,
    wanted: &limits::Minutes,
    wanted_members: Option<&BTreeSet<&str>>,
) -> Result<(), PluginError> {
    let found = accounts.associations(name).await?;
    let own = found.iter().find(|association| association.user.is_none());
    let limits_fit = match own {
        Some(own) => limits::in_force(accounts.settings(), own)? == *wanted,
        None => false,
    };
    if limits_fit && wanted_members.is_none_or(|wanted| members::of(&found) == *wanted) {
        return Ok(());
    }
    let reason = format!("The cluster does not show the account \"{name}\" as it was set; it is set again.");
    Err(PluginError::retry(Duration::from_secs(5), reason))
}
