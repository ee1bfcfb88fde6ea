//! What the cluster has of an allocation, for people to read and to choose from: limits, members, jobs.

use std::collections::{BTreeMap, BTreeSet};

use model::{InventoryTable, MOST_INVENTORY_ROWS};
use rust_decimal::Decimal;

use super::{accounts::Accounts, actions, association::Association, change, failure, limits, members};
use crate::{Parts, PluginError, ResourceRequest};

mod queued;
mod recent;

/// The code of the table of jobs in the queue.
pub(super) const JOBS: &str = "jobs";

/// The most characters of a name, of a reason.
const LONGEST: usize = 60;

/// Lists them. An account with ever so many jobs has long lists, of which the beginning is read.
pub(super) async fn parts(accounts: &Accounts<'_>, request: &ResourceRequest) -> Result<Parts, PluginError> {
    let living = change::require(accounts, request).await?;
    let most_jobs = accounts.most_jobs(&living.name).await?;
    let tables = vec![
        limits_in_force(accounts, &living.own, most_jobs)?,
        members(accounts, &living).await?,
        queued::list(accounts, &living.name).await?,
        recent::list(accounts, &living.name).await?,
    ];
    Ok(Parts {
        tables,
        condition: Some(actions::condition(most_jobs).to_owned()),
    })
}

fn limits_in_force(
    accounts: &Accounts<'_>,
    own: &Association,
    most_jobs: Option<u64>,
) -> Result<InventoryTable, PluginError> {
    let mut table = InventoryTable::new("limits", "Limits in force", &["Limit", "In force"]);
    let mut row = |key: &str, label: String, value: String| table.push(key, vec![label, value]);
    row("account", "Account".to_owned(), own.account.clone());
    let jobs = match most_jobs {
        _ if change::is_closed(own) => "Closed: none is taken".to_owned(),
        Some(0) => "Paused: none starts".to_owned(),
        Some(most) => format!("At most {most} at once"),
        None => "They start as there is room".to_owned(),
    };
    row("state", "Jobs".to_owned(), jobs);
    for (name, minutes) in limits::pairs(own)? {
        let label = match name {
            "cpu" => "CPU-hours, as the cluster counts".to_owned(),
            name if name == accounts.settings().gpu => "GPU-hours, as the cluster counts".to_owned(),
            name => format!("{name}, in minutes"),
        };
        let is_ours = name == "cpu" || name == accounts.settings().gpu;
        let value = match minutes.parse::<u64>() {
            Ok(minutes) if is_ours => hours(Decimal::from(minutes) * Decimal::from(60)),
            _ => minutes.to_owned(),
        };
        row(name, label, value);
    }
    if !own.qos.is_empty() {
        row("qos", "QOS".to_owned(), own.qos.join(", "));
    }
    if let Some(qos) = &own.default_qos {
        row("default_qos", "Default QOS".to_owned(), qos.clone());
    }
    Ok(table)
}

async fn members(accounts: &Accounts<'_>, living: &change::Living) -> Result<InventoryTable, PluginError> {
    let mut table = InventoryTable::new("members", "Members", &["User", "Partition", "Default account"]);
    let users = living.found.users(&living.name);
    let listed: Vec<&str> = members::names(&users)
        .into_iter()
        .take(MOST_INVENTORY_ROWS)
        .collect();
    let mut defaults = BTreeMap::new();
    if !listed.is_empty() {
        let all = accounts.defaults(&listed).await?.into_iter();
        defaults.extend(all.map(|[user, default, _]| (user, default)));
    }
    let mut keys = BTreeSet::new();
    for association in users {
        let Some(user) = &association.user else { continue };
        let key = match &association.partition {
            Some(partition) => format!("{user}/{partition}"),
            None => user.clone(),
        };
        if keys.insert(key.clone()) {
            let partition = association.partition.clone().unwrap_or_else(|| "Any".to_owned());
            let default = defaults.get(user).cloned().unwrap_or_default();
            table.push(key, vec![user.clone(), partition, default]);
        }
    }
    Ok(table)
}

/// Seconds as hours, to a thousandth.
fn hours(seconds: Decimal) -> String {
    let hours = (seconds / Decimal::from(3600)).round_dp(3).normalize();
    hours.to_string()
}

/// A state for people: `OUT_OF_MEMORY`, `CANCELLED by 1001`.
fn state(text: &str) -> String {
    let words = text
        .split(' ')
        .next()
        .unwrap_or_default()
        .replace('_', " ")
        .to_lowercase();
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What people typed, or SLURM said, on one short line.
fn short(text: &str) -> String {
    failure::shorten_to(text, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_words() {
        for (text, word) in [
            ("RUNNING", "Running"),
            ("OUT_OF_MEMORY", "Out of memory"),
            ("CANCELLED by 1001", "Cancelled"),
            ("", ""),
        ] {
            assert_eq!(state(text), word);
        }
    }

    #[test]
    fn seconds_become_hours() {
        for (seconds, text) in [
            (0, "0"),
            (3600, "1"),
            (5400, "1.5"),
            (5, "0.001"),
            (360_000, "100"),
        ] {
            assert_eq!(hours(Decimal::from(seconds)), text);
        }
    }
}
