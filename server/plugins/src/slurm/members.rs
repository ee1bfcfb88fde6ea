//! Who may submit jobs to an account.

use std::{collections::BTreeSet, time::Duration};

use super::{accounts::Accounts, association::Association, failure};
use crate::PluginError;

/// So many names fit one command line with room to spare.
const AT_ONCE: usize = 200;

/// Accounts of the cluster's own operation; giving them to a project, or taking them away, would break the cluster.
const RESERVED: &[&str] = &["root", "slurm", "munge"];

/// Refuses names that are no users' names before anything is changed.
pub(super) fn check(members: &[String]) -> Result<BTreeSet<&str>, PluginError> {
    for name in members {
        if !super::names::is_user(name) || RESERVED.contains(&name.as_str()) {
            return Err(PluginError::needs_operator(format!(
                "The user name \"{}\" cannot be used on the cluster. Names have small letters, digits, hyphens and \
                 underscores, and start with a letter. Put the member's user name right and try again.",
                failure::shorten(name)
            )));
        }
    }
    Ok(members.iter().map(String::as_str).collect())
}

/// The names of an account's users.
pub(super) fn names<'a>(users: &[&'a Association]) -> BTreeSet<&'a str> {
    users
        .iter()
        .filter_map(|association| association.user.as_deref())
        .collect()
}

/// Makes the account's users exactly the wanted ones; whether there was something to do. `users` is what the account has now.
pub(super) async fn sync(
    accounts: &Accounts<'_>,
    account: &str,
    users: &[&Association],
    wanted: &BTreeSet<&str>,
) -> Result<bool, PluginError> {
    let partition = &accounts.settings().partition;
    let fits = |user: &str| {
        let mut own = users.iter().filter(|found| found.user.as_deref() == Some(user));
        own.any(|found| partition.is_none() || &found.partition == partition)
    };
    let missing: Vec<&str> = wanted.iter().copied().filter(|user| !fits(user)).collect();
    let surplus: Vec<&str> = names(users).difference(wanted).copied().collect();
    for users in missing.chunks(AT_ONCE) {
        accounts.add_users(account, users).await?;
    }
    remove_all(accounts, account, &surplus).await?;
    Ok(!missing.is_empty() || !surplus.is_empty())
}

/// Takes users from an account. Tried again where jobs of theirs have to end first.
async fn remove(accounts: &Accounts<'_>, account: &str, users: &[&str]) -> Result<(), PluginError> {
    let have_others = move_defaults(accounts, account, users).await?;
    // Together SLURM 22.05 refuses them: after a user who has another account it takes the only account of the next for one that
    // another would have to replace as the default.
    let (others, only_here): (Vec<&str>, Vec<&str>) =
        users.iter().partition(|user| have_others.contains(**user));
    for users in [others, only_here].iter().filter(|users| !users.is_empty()) {
        let answer = accounts.remove_users(account, users).await?;
        if !answer.has_active_jobs() {
            answer.expect_done()?;
            continue;
        }
        for user in users {
            accounts.cancel_jobs(account, Some(user)).await?;
        }
        return Err(PluginError::retry(
            Duration::from_secs(3),
            "Jobs of a former member are being cancelled.",
        ));
    }
    Ok(())
}

/// Gives users whose default account is about to go another one of theirs. Without it they could not submit jobs that name no
/// account, and SLURM refuses to remove the default account of a user who has another. Answers who has another.
pub(super) async fn move_defaults(
    accounts: &Accounts<'_>,
    account: &str,
    users: &[&str],
) -> Result<BTreeSet<String>, PluginError> {
    let mut have_others = BTreeSet::new();
    for users in users.chunks(AT_ONCE) {
        let mut moved = BTreeSet::new();
        for [user, default, other] in accounts.defaults(users).await? {
            if other.is_empty() || other == account {
                continue;
            }
            if default == account && moved.insert(user.clone()) {
                accounts.set_default(&user, &other).await?;
            }
            have_others.insert(user);
        }
    }
    Ok(have_others)
}

/// Takes all these users from an account, ever so many.
pub(super) async fn remove_all(
    accounts: &Accounts<'_>,
    account: &str,
    users: &[&str],
) -> Result<(), PluginError> {
    for users in users.chunks(AT_ONCE) {
        remove(accounts, account, users).await?;
    }
    Ok(())
}
