//! Changes of a living account: limits, members, no more jobs; and the look whether the cluster took them.

use std::{collections::BTreeSet, time::Duration};

use super::{
    accounts::{Accounts, Found},
    association::Association,
    cluster, counting, limits, members,
    names::{self, AccountNames},
};
use crate::{Outcome, PluginError, Progress, ResourceRequest};

/// A resource's account that was found alive.
pub(super) struct Living {
    pub(super) name: String,
    pub(super) found: Found,
    pub(super) own: Association,
}

impl Living {
    /// Whether jobs of the account can be of this quality of service.
    pub(super) fn may_use(&self, qos: &str) -> bool {
        let users = self.found.users(&self.name).into_iter();
        users
            .chain([&self.own])
            .any(|association| association.qos.iter().any(|has| has == qos))
    }
}

/// Fails where the account is gone or is not this resource's.
pub(super) async fn require(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
) -> Result<Living, PluginError> {
    let name = AccountNames::of(accounts.settings(), request)?.resource;
    let found = accounts.look(&[&name]).await?;
    let is_ours = found
        .mark(&name)
        .is_some_and(|mark| mark == names::resource_mark(request.resource));
    if let Some(own) = found.account(&name).filter(|_| is_ours).cloned() {
        return Ok(Living { name, found, own });
    }
    cluster::require_cluster(accounts).await?;
    Err(PluginError::needs_operator(format!(
        "The cluster has no account \"{name}\" of this resource any more. Restore it, or terminate the resource."
    )))
}

pub(super) async fn limits(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<Outcome, PluginError> {
    const STEPS: u32 = 3;
    progress.step(0, STEPS, "Looking at the account.").await;
    let wanted = counting::wanted(accounts, request).await?;
    let living = require(accounts, request).await?;
    progress.step(1, STEPS, "Setting the limits.").await;
    set_limits(accounts, Some(&living.own), &living.name, &wanted).await?;
    progress
        .step(2, STEPS, "Comparing the account with the order.")
        .await;
    verify(accounts, &living.name, &wanted, None).await?;
    progress.step(STEPS, STEPS, "The new limits are in force.").await;
    Ok(cluster::ready(accounts, &living.name))
}

/// Sets limits and quality of service where they differ. `found` is `None` for an account that was just made with its limits.
pub(super) async fn set_limits(
    accounts: &Accounts<'_>,
    found: Option<&Association>,
    account: &str,
    wanted: &limits::Minutes,
) -> Result<(), PluginError> {
    let mut properties = Vec::new();
    if let Some(found) = found {
        properties.extend(limits::change(
            &limits::in_force(accounts.settings(), found)?,
            wanted,
        ));
    }
    if let Some(qos) = &accounts.settings().qos {
        if found.is_none_or(|found| !found.qos.contains(qos)) {
            properties.push(format!("qos+={qos}"));
        }
        if found.is_none_or(|found| found.default_qos.as_ref() != Some(qos)) {
            properties.push(format!("DefaultQOS={qos}"));
        }
    }
    if properties.is_empty() {
        return Ok(());
    }
    accounts.set(account, &properties).await
}

pub(super) async fn members(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
) -> Result<Outcome, PluginError> {
    let wanted = members::check(&request.members)?;
    let living = require(accounts, request).await?;
    members::sync(accounts, &living.name, &living.found.users(&living.name), &wanted).await?;
    Ok(cluster::ready(accounts, &living.name))
}

/// Makes an account refuse new jobs; those that run may end. This is what SLURM refuses clearly, where a limit of nothing would
/// only make jobs wait.
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

/// Reads the account back: a command's word is not enough for telling people that their allocation is there.
pub(super) async fn verify(
    accounts: &Accounts<'_>,
    name: &str,
    wanted: &limits::Minutes,
    wanted_members: Option<&BTreeSet<&str>>,
) -> Result<(), PluginError> {
    let found = accounts.look(&[name]).await?;
    let limits_fit = match found.account(name) {
        Some(own) => limits::in_force(accounts.settings(), own)? == *wanted,
        None => false,
    };
    if limits_fit && wanted_members.is_none_or(|wanted| members::names(&found.users(name)) == *wanted) {
        return Ok(());
    }
    let reason = format!("The cluster does not show the account \"{name}\" as it was set; it is set again.");
    Err(PluginError::retry(Duration::from_secs(5), reason))
}
