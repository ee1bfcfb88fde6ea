//! From nothing, or from wherever an earlier run was cut off, to an account as the request describes it.

use tokio::sync::Mutex;

use super::{
    accounts::{Accounts, NewAccount},
    association::Association,
    change, limits, members,
    names::{self, AccountNames},
};
use crate::{Detail, Outcome, PluginError, Progress, ResourceRequest};

const STEPS: u32 = 7;

pub(super) async fn provision(
    accounts: &Accounts<'_>,
    tree: &Mutex<()>,
    request: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<Outcome, PluginError> {
    let names = AccountNames::of(accounts.settings(), request)?;
    let wanted_members = members::check(&request.members)?;
    let wanted_limits = limits::wanted(accounts.settings(), &request.limits)?;
    progress.step(0, STEPS, "Looking for the cluster.").await;
    require_cluster(accounts).await?;
    make_accounts(accounts, tree, &names, request, progress).await?;

    progress.step(4, STEPS, "Setting the limits.").await;
    let account = change::require(accounts, request).await?;
    set_properties(accounts, &account, &wanted_limits).await?;
    progress.step(5, STEPS, "Giving the members access.").await;
    let found = accounts.associations(&names.resource).await?;
    members::sync(accounts, &names.resource, &found, &wanted_members).await?;
    progress
        .step(6, STEPS, "Comparing the account with the order.")
        .await;
    change::verify(accounts, &names.resource, &wanted_limits, Some(&wanted_members)).await?;
    progress.step(STEPS, STEPS, "The allocation is ready.").await;
    Ok(ready(accounts, &names.resource))
}

/// The answer for an account that is as it should be.
pub(super) fn ready(accounts: &Accounts<'_>, account: &str) -> Outcome {
    let settings = accounts.settings();
    let partition = settings
        .partition
        .as_ref()
        .map(|name| format!(" --partition={name}"))
        .unwrap_or_default();
    let mut details = vec![
        Detail::new("Cluster", &settings.cluster),
        Detail::new("Account", account),
    ];
    details.extend(
        settings
            .partition
            .as_ref()
            .map(|name| Detail::new("Partition", name)),
    );
    details.push(Detail::new(
        "Submit a job",
        format!("sbatch --account={account}{partition} job.sh"),
    ));
    Outcome::Ready {
        backend_id: account.to_owned(),
        details,
    }
}

/// Fails where accounting does not know the cluster: most commands answer an unknown one with silence.
pub(super) async fn require_cluster(accounts: &Accounts<'_>) -> Result<(), PluginError> {
    if accounts.is_cluster_known().await? {
        return Ok(());
    }
    Err(PluginError::needs_operator(format!(
        "SLURM's accounting has no cluster named \"{}\". Correct the name in the offering's settings.",
        accounts.settings().cluster
    )))
}

async fn make_accounts(
    accounts: &Accounts<'_>,
    tree: &Mutex<()>,
    names: &AccountNames,
    request: &ResourceRequest,
    progress: &dyn Progress,
) -> Result<(), PluginError> {
    let AccountNames {
        organization,
        project,
        resource,
    } = names;
    let parent = &accounts.settings().parent;
    let mark = names::resource_mark(request.resource);
    let steps = [
        (
            "Making the organization's account.",
            organization,
            parent,
            names::ORGANIZATION_MARK,
        ),
        (
            "Making the project's account.",
            project,
            organization,
            names::PROJECT_MARK,
        ),
        ("Making the resource's account.", resource, project, mark.as_str()),
    ];
    let _tree = tree.lock().await;
    for (done, (message, name, parent, mark)) in (1..).zip(steps) {
        progress.step(done, STEPS, message).await;
        ensure(accounts, &NewAccount { name, parent, mark }).await?;
    }
    Ok(())
}

/// Looks before it makes: an account that is there is taken only if the mark says that it was made for this very purpose.
async fn ensure(accounts: &Accounts<'_>, account: &NewAccount<'_>) -> Result<(), PluginError> {
    let mark = accounts.find_mark(account.name).await?;
    if let Some(mark) = &mark
        && mark != account.mark
    {
        return Err(PluginError::needs_operator(format!(
            "The cluster already has an account \"{}\" that was not made for this order. Rename or remove it, or choose \
             another account prefix in the offering's settings; then try again.",
            account.name
        )));
    }
    if mark.is_some() && accounts.find(account.name).await?.is_some() {
        return Ok(());
    }
    accounts.add(account).await
}

async fn set_properties(
    accounts: &Accounts<'_>,
    account: &Association,
    wanted: &limits::Minutes,
) -> Result<(), PluginError> {
    let found = limits::in_force(accounts.settings(), account)?;
    let mut properties: Vec<String> = limits::change(&found, wanted).into_iter().collect();
    if let Some(qos) = &accounts.settings().qos {
        if !account.qos.contains(qos) {
            properties.push(format!("qos+={qos}"));
        }
        if account.default_qos.as_ref() != Some(qos) {
            properties.push(format!("DefaultQOS={qos}"));
        }
    }
    if properties.is_empty() {
        return Ok(());
    }
    accounts.set(&account.account, &properties).await
}
