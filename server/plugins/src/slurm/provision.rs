//! From nothing, or from wherever an earlier run was cut off, to an account as the request describes it.

use super::{
    accounts::{Accounts, Found, NewAccount},
    change,
    cluster::{ready, require_cluster},
    counting, limits, members,
    names::{self, AccountNames},
};
use crate::{Outcome, PluginError, Progress, ResourceRequest};

const STEPS: u32 = 7;

pub(super) async fn provision(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<Outcome, PluginError> {
    let names = AccountNames::of(accounts.settings(), request)?;
    let wanted_members = members::check(&request.members)?;
    progress.step(0, STEPS, "Looking at the cluster.").await;
    let wanted_limits = counting::wanted(accounts, request).await?;
    let parent = accounts.settings().parent.as_str();
    let found = accounts
        .look(&[parent, &names.organization, &names.project, &names.resource])
        .await?;
    require_parent(accounts, &found).await?;
    make_accounts(accounts, &found, &names, request, &wanted_limits, progress).await?;

    progress.step(4, STEPS, "Setting the limits.").await;
    change::set_limits(
        accounts,
        found.account(&names.resource),
        &names.resource,
        &wanted_limits,
    )
    .await?;
    progress.step(5, STEPS, "Giving the members access.").await;
    members::sync(
        accounts,
        &names.resource,
        &found.users(&names.resource),
        &wanted_members,
    )
    .await?;
    progress
        .step(6, STEPS, "Comparing the account with the order.")
        .await;
    change::verify(accounts, &names.resource, &wanted_limits, Some(&wanted_members)).await?;
    progress.step(STEPS, STEPS, "The allocation is ready.").await;
    Ok(ready(accounts, &names.resource))
}

async fn require_parent(accounts: &Accounts<'_>, found: &Found) -> Result<(), PluginError> {
    let parent = &accounts.settings().parent;
    if found.account(parent).is_some() {
        return Ok(());
    }
    require_cluster(accounts).await?;
    Err(PluginError::needs_operator(format!(
        "The cluster has no account \"{parent}\" to put organizations under. Make it, or name another parent account in \
         the offering's settings."
    )))
}

async fn make_accounts(
    accounts: &Accounts<'_>,
    found: &Found,
    names: &AccountNames,
    request: &ResourceRequest,
    limits: &limits::Minutes,
    progress: &dyn Progress,
) -> Result<(), PluginError> {
    let AccountNames {
        organization,
        project,
        resource,
    } = names;
    let parent = &accounts.settings().parent;
    let mark = names::resource_mark(request.resource);
    let minutes = limits::change(&limits::Minutes::new(), limits);
    let steps = [
        (
            "Making the organization's account.",
            organization,
            parent,
            names::ORGANIZATION_MARK,
            None,
        ),
        (
            "Making the project's account.",
            project,
            organization,
            names::PROJECT_MARK,
            None,
        ),
        (
            "Making the resource's account.",
            resource,
            project,
            mark.as_str(),
            minutes,
        ),
    ];
    for (done, (message, name, parent, mark, minutes)) in (1..).zip(steps) {
        progress.step(done, STEPS, message).await;
        ensure(
            accounts,
            found,
            &NewAccount {
                name,
                parent,
                mark,
                minutes,
            },
        )
        .await?;
    }
    Ok(())
}

/// An account that is there is taken only if the mark says that it was made for this very purpose.
async fn ensure(accounts: &Accounts<'_>, found: &Found, account: &NewAccount<'_>) -> Result<(), PluginError> {
    if found.mark(account.name).is_some_and(|mark| mark != account.mark) {
        return Err(PluginError::needs_operator(format!(
            "The cluster already has an account \"{}\" that was not made for this order. Rename or remove it, or choose \
             another account prefix in the offering's settings; then try again.",
            account.name
        )));
    }
    if found.account(account.name).is_some() {
        return Ok(());
    }
    accounts.add(account).await
}
