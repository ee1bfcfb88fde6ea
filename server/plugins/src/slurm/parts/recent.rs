//! The jobs of an account that ended lately, by SLURM's accounting.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::NaiveDateTime;
use model::{InventoryTable, MOST_INVENTORY_ROWS};
use rust_decimal::Decimal;

use super::{hours, short, state};
use crate::{
    PluginError,
    slurm::{accounts::Accounts, association, command::Head, failure, job_id::JobId},
};

/// From when on, the shortest first: an account with very many jobs has enough of them in an hour, and is spared the week.
const WINDOWS: [&str; 3] = ["now-1hours", "now-1days", "now-7days"];
/// Every state that is an end.
const ENDS: &str = "BF,CA,CD,DL,F,NF,OOM,PR,TO";
const FACTS: &str = "--format=JobID,Account,User,State,Start,End,CPUTimeRAW";
const NAMES: &str = "--format=JobID,JobName";

/// A job that ended.
#[derive(Debug, PartialEq, Eq)]
struct Ended {
    id: JobId,
    user: String,
    state: String,
    start: Option<NaiveDateTime>,
    end: NaiveDateTime,
    cpu_seconds: u64,
}

pub(super) async fn list(accounts: &Accounts<'_>, account: &str) -> Result<InventoryTable, PluginError> {
    let (mut jobs, mut cut) = (Vec::new(), false);
    for since in WINDOWS {
        // A longer list than is read begins with the oldest jobs: those of the shorter window tell more.
        let (of_window, is_cut) = since_then(accounts, account, since).await?;
        cut |= is_cut;
        if !is_cut || jobs.is_empty() {
            jobs = of_window;
        }
        if cut || jobs.len() > MOST_INVENTORY_ROWS {
            break;
        }
    }
    jobs.sort_by_key(|job| Reverse(job.end));
    let mut keys = BTreeSet::new();
    jobs.retain(|job| keys.insert(job.id.to_string()));
    let mut names = names(accounts, account, jobs.iter().take(MOST_INVENTORY_ROWS)).await?;
    let columns = [
        "Job",
        "Name",
        "User",
        "State",
        "Started (UTC)",
        "Ended (UTC)",
        "CPU-hours",
    ];
    let mut table = InventoryTable::new("recent_jobs", "Jobs that ended in the last 7 days", &columns);
    table.cut = cut;
    for job in jobs {
        let key = job.id.to_string();
        let cells = vec![
            short(&key),
            names.remove(&key).unwrap_or_default(),
            job.user,
            state(&job.state),
            job.start.map(stamp).unwrap_or_default(),
            stamp(job.end),
            hours(Decimal::from(job.cpu_seconds)),
        ];
        table.push(key, cells);
    }
    Ok(table)
}

async fn since_then(
    accounts: &Accounts<'_>,
    account: &str,
    since: &str,
) -> Result<(Vec<Ended>, bool), PluginError> {
    let cluster = &accounts.settings().cluster;
    // The states are named because jobs that were held are left out without: their time of being eligible is unset.
    let mut args = vec!["-M", cluster, "-a", "-X", "-P", "-n", "-A", account];
    args.extend(["-S", since, "-E", "now", "-s", ENDS, FACTS]);
    let Head { text, cut } = accounts.head("sacct", &args).await?;
    Ok((read(account, &text)?, cut))
}

/// Jobs that have not ended are left out.
fn read(account: &str, text: &str) -> Result<Vec<Ended>, PluginError> {
    let mut ended = Vec::new();
    for line in association::lines(text) {
        ended.extend(read_line(account, line).ok_or_else(|| failure::garbled("sacct", line))?);
    }
    Ok(ended)
}

#[expect(
    clippy::option_option,
    reason = "no line of accounting, or a job that has not ended"
)]
fn read_line(account: &str, line: &str) -> Option<Option<Ended>> {
    let [id, of, user, state, start, end, cpu_seconds] = association::columns(line)?;
    let id = JobId::read(id)?;
    if of != account || state.is_empty() {
        return None;
    }
    let Some(end) = time(end)? else { return Some(None) };
    Some(Some(Ended {
        id,
        user: user.to_owned(),
        state: state.to_owned(),
        start: time(start)?,
        end,
        cpu_seconds: cpu_seconds.parse().ok()?,
    }))
}

#[expect(clippy::option_option, reason = "no time, or none yet")]
fn time(text: &str) -> Option<Option<NaiveDateTime>> {
    if matches!(text, "Unknown" | "None" | "") {
        return Some(None);
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")
        .ok()
        .map(Some)
}

fn stamp(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// What people called these jobs, by the job as it is spelled.
async fn names(
    accounts: &Accounts<'_>,
    account: &str,
    jobs: impl Iterator<Item = &Ended>,
) -> Result<BTreeMap<String, String>, PluginError> {
    // What was cancelled of an array before it started goes by the array's number.
    let mut ids: Vec<String> = jobs.map(|job| job.id.key()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let cluster = &accounts.settings().cluster;
    let mut args = vec!["-M", cluster, "-a", "-X", "-P", "-n", "-A", account];
    let ids = ids.join(",");
    args.extend(["-j", &ids, NAMES]);
    Ok(read_names(&accounts.head("sacct", &args).await?.text))
}

/// The first of each job. A name can have line breaks and bars in it: what is no line of its own is left out.
fn read_names(text: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (id, name) in association::lines(text).filter_map(|line| line.split_once('|')) {
        if JobId::read(id).is_some() {
            names.entry(id.to_owned()).or_insert_with(|| short(name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_accounting_is_read() {
        let text = "58|acme|anna|COMPLETED|2026-11-28T23:19:30|2026-11-28T23:21:10|100\n\
                    61+0|acme|anna|CANCELLED by 0|None|2026-11-28T23:23:50|0\n\
                    59_[2-5%1]|acme|anna|CANCELLED by 1001|None|2026-11-28T23:23:50|0\n\
                    81|acme|anna|SUSPENDED|2026-11-28T23:25:17|Unknown|5\n";
        let ended = read("acme", text).unwrap();
        let ids: Vec<String> = ended.iter().map(|job| job.id.to_string()).collect();
        assert_eq!(
            ids,
            ["58", "61+0", "59_[2-5%1]"],
            "what has not ended is left out"
        );
        assert_eq!((ended[0].cpu_seconds, ended[1].start), (100, None));
        assert_eq!(stamp(ended[0].end), "2026-11-28 23:21");
    }

    #[test]
    fn an_answer_of_another_shape_is_not_shown() {
        for text in [
            "58|acme|anna|COMPLETED|2026-11-28T23:19:30|2026-11-28T23:21:10",
            "58|other|anna|COMPLETED|2026-11-28T23:19:30|2026-11-28T23:21:10|100",
            "58|acme|anna|COMPLETED|yesterday|2026-11-28T23:21:10|100",
            "58|acme|anna|COMPLETED|2026-11-28T23:19:30|2026-11-28T23:21:10|-1",
            "<html>",
        ] {
            assert!(
                matches!(read("acme", text), Err(PluginError::Retry { .. })),
                "{text:?} was taken"
            );
        }
    }

    #[test]
    fn the_first_name_of_a_job_counts() {
        let names = read_names("58|ar|ray\nx\ty\n59_1|wrap\n58|forged\n");
        assert_eq!(names["58"], "ar|ray");
        assert_eq!((names["59_1"].as_str(), names.len()), ("wrap", 2));
    }
}
