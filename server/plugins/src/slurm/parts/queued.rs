//! The jobs of an account that wait or run.
//!
//! They are asked for twice: which there are, without anything that people type; then the names of those that are listed. So nobody
//! makes up a job by the name of another.

use std::collections::{BTreeMap, BTreeSet};

use model::{InventoryTable, MOST_INVENTORY_ROWS};

use super::{JOBS, short, state};
use crate::{
    PluginError,
    slurm::{accounts::Accounts, association, command::Head, failure, job_id::JobId, queue},
};

const FACTS: &str = "%i|%u|%T|%C|%M|%l";
const TEXTS: &str = "%i|%r|%j";

/// A job as it is listed.
#[derive(Debug, PartialEq, Eq)]
struct Job<'a> {
    id: JobId,
    user: &'a str,
    state: &'a str,
    cpus: &'a str,
    elapsed: &'a str,
    limit: &'a str,
}

/// What people typed of a job, and why it waits.
#[derive(Debug, Default, PartialEq, Eq)]
struct Texts {
    name: String,
    reason: String,
}

pub(super) async fn list(accounts: &Accounts<'_>, account: &str) -> Result<InventoryTable, PluginError> {
    let cluster = &accounts.settings().cluster;
    // Those that were suspended first, then those that run, then those that wait.
    let args = [
        "-h", "-a", "-M", cluster, "-A", account, "-S", "-t,i", "-o", FACTS,
    ];
    let Head { text, cut } = accounts.head("squeue", &args).await?;
    let mut jobs = read(&text)?;
    let mut keys = BTreeSet::new();
    jobs.retain(|job| keys.insert(job.id.key()));
    let mut texts = BTreeMap::new();
    let mut numbers: Vec<&str> = jobs
        .iter()
        .take(MOST_INVENTORY_ROWS)
        .map(|job| job.id.number())
        .collect();
    numbers.dedup();
    if !numbers.is_empty() {
        let args = [
            "-h",
            "-a",
            "-M",
            cluster,
            "-A",
            account,
            "-j",
            &numbers.join(","),
            "-o",
            TEXTS,
        ];
        // A job that has ended since has no name to be told.
        if let Ok(head) = accounts.head("squeue", &args).await {
            texts = read_texts(&head.text);
        }
    }
    let columns = [
        "Job",
        "Name",
        "User",
        "State",
        "Reason",
        "CPUs",
        "Time used",
        "Time limit",
    ];
    let mut table = InventoryTable::new(JOBS, "Jobs", &columns);
    table.cut = cut;
    for job in jobs {
        let id = job.id.to_string();
        let Texts { name, reason } = texts.remove(&id).unwrap_or_default();
        let limit = if job.limit == "UNLIMITED" {
            "Unlimited"
        } else {
            job.limit
        };
        let facts = [job.cpus, job.elapsed, limit].map(ToOwned::to_owned);
        let mut cells = vec![short(&id), name, job.user.to_owned(), state(job.state), reason];
        cells.extend(facts);
        table.push(job.id.key(), cells);
    }
    Ok(table)
}

fn read(text: &str) -> Result<Vec<Job<'_>>, PluginError> {
    queue::lines(text)
        .map(|line| read_line(line).ok_or_else(|| failure::garbled("squeue", line)))
        .collect()
}

fn read_line(line: &str) -> Option<Job<'_>> {
    let [id, user, state, cpus, elapsed, limit] = association::columns(line)?;
    queue::is_state(state).then_some(Job {
        id: JobId::read(id)?,
        user,
        state,
        cpus,
        elapsed,
        limit,
    })
}

/// By the job as it is spelled; the first of each. A name can have line breaks and bars in it: what is no line of its own is left out.
fn read_texts(text: &str) -> BTreeMap<String, Texts> {
    let mut texts = BTreeMap::new();
    for line in queue::lines(text) {
        let mut columns = line.splitn(3, '|');
        let (Some(id), Some(reason), Some(name)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        if JobId::read(id).is_some() {
            texts.entry(id.to_owned()).or_insert_with(|| Texts {
                name: short(name),
                reason: if reason == "None" {
                    String::new()
                } else {
                    short(reason)
                },
            });
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_queue_is_read() {
        let jobs = read(
            "CLUSTER: lab\n59_[2-5%1]|anna|PENDING|1|0:00|2:00\n58|ben|RUNNING|4|1-02:03:04|UNLIMITED\n",
        )
        .unwrap();
        let seen: Vec<(String, &str, &str)> = jobs
            .iter()
            .map(|job| (job.id.key(), job.user, job.limit))
            .collect();
        let expected = [
            ("59".to_owned(), "anna", "2:00"),
            ("58".to_owned(), "ben", "UNLIMITED"),
        ];
        assert_eq!(seen, expected);
        for text in [
            "58|ben|RUNNING",
            "x|ben|RUNNING|4|0:00|1:00",
            "58|ben|runs|4|0:00|1:00",
            "<html>",
        ] {
            assert!(read(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn names_are_whatever_people_typed() {
        let long = "x".repeat(500);
        let text = format!(
            "59_[2-5]|Priority|a|b\nc\td\n58|None|\u{1b}[31mred\n60|BeginTime|{long}\n58|Forged|by a line break\n|\n"
        );
        let texts = read_texts(&text);
        let seen = |id: &str| {
            texts
                .get(id)
                .map(|texts| (texts.name.as_str(), texts.reason.as_str()))
        };
        assert_eq!(seen("59_[2-5]"), Some(("a|b", "Priority")));
        assert_eq!(seen("58"), Some(("[31mred", "")));
        assert_eq!(seen("60").map(|(name, _)| name.chars().count()), Some(61));
        assert_eq!(texts.len(), 3);
    }
}
