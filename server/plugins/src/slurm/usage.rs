//! From SLURM's accounting to usage events.
//!
//! `sacct` tells of jobs; the marketplace counts hours by day. Each job becomes one event for each component and each day (UTC) that
//! it touched. The key names the job's run and the day, so collecting again replaces, never adds; a running job is reported up to
//! the present and grows. A whole day is always reported as a whole, wherever the asked window begins.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};

use model::ids::ResourceId;

use super::{
    accounts::Accounts, association, cluster, command::Programs, failure, names::AccountNames,
    settings::ClusterSettings,
};
use crate::{PluginError, UsageEvent, UsageFault, UsageReport, UsageReports, UsageRequest, Window};

mod record;
mod split;

use record::{Fault, Reader};

/// So many accounts fit one command line with room to spare.
const AT_ONCE: usize = 1_000;

/// The states in which jobs use something. Whatever became of them since, accounting knows when they were in these.
const RAN: &str = "RUNNING,SUSPENDED";

/// A resource whose usage is wanted.
struct Asked {
    resource: ResourceId,
    settings: ClusterSettings,
    account: String,
    /// Whole days.
    window: Window,
    now: DateTime<Utc>,
}

impl Asked {
    fn of(request: &UsageRequest) -> Result<Self, PluginError> {
        let settings = ClusterSettings::read(&request.resource.settings)?;
        Ok(Self {
            resource: request.resource.resource,
            account: AccountNames::of(&settings, &request.resource)?.resource,
            settings,
            window: whole_days(request.window),
            now: request.now,
        })
    }
}

/// Reads the accounting of each cluster once for all its resources.
pub(super) async fn collect(
    programs: &Programs,
    requests: &[UsageRequest],
) -> Result<UsageReports, PluginError> {
    let mut reports = UsageReports::new();
    let mut clusters: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
    for request in requests {
        match Asked::of(request) {
            Ok(asked) => clusters
                .entry(asked.settings.cluster.clone())
                .or_default()
                .push(asked),
            Err(fault) => drop(reports.insert(request.resource.resource, Err(fault))),
        }
    }
    for of_cluster in clusters.values() {
        let Some(first) = of_cluster.first() else { continue };
        let accounts = Accounts::new(programs, &first.settings);
        // An unknown cluster is answered with an empty list, which must not be taken for "nothing was used".
        cluster::require_cluster(&accounts).await?;
        for asked in of_cluster.chunks(AT_ONCE) {
            let text = sacct(&accounts, asked).await?;
            reports.extend(read(asked, &text)?);
        }
    }
    Ok(reports)
}

/// What accounting has about these accounts, from the first day that any of them wants.
async fn sacct(accounts: &Accounts<'_>, asked: &[Asked]) -> Result<String, PluginError> {
    let names: Vec<&str> = asked.iter().map(|asked| asked.account.as_str()).collect();
    let names = names.join(",");
    let start = asked.iter().map(|asked| asked.window.start).min();
    let end = asked.iter().map(|asked| asked.window.end).max();
    let (start, end) = (stamp(start.unwrap_or_default()), stamp(end.unwrap_or_default()));
    // -a everybody's, -X without steps, -D also earlier runs of requeued jobs: they used the machine as well.
    let mut args = vec!["-M", &accounts.settings().cluster, "-a", "-X", "-D", "-P", "-n"];
    // What ran then, by its state: without one, a job that was held while it ran is left out, as if it had never been eligible.
    args.extend(["-A", &names, "-S", &start, "-E", &end, "-s", RAN, record::FORMAT]);
    accounts.run("sacct", &args).await?.expect_success()
}

/// Turns an answer into the events of each resource. Pure, so that recorded answers test it.
fn read(asked: &[Asked], text: &str) -> Result<UsageReports, PluginError> {
    let known: BTreeSet<&str> = asked.iter().map(|asked| asked.account.as_str()).collect();
    let mut lines: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    // Lines that name none of the accounts could belong to any of them, so each is told.
    let mut astray = Vec::new();
    for (number, line) in (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
    {
        match record::account_of(line).filter(|account| known.contains(account)) {
            Some(account) => lines.entry(account).or_default().push((number, line)),
            None => astray.push((number, line)),
        }
    }
    // Not one line is even a line of accounting: that is another program's answer, or another version's.
    if lines.is_empty() && !astray.is_empty() && astray.iter().all(|(_, line)| record::is_shapeless(line)) {
        return Err(failure::garbled(
            "sacct",
            association::lines(text).next().unwrap_or_default(),
        ));
    }
    let report = |asked: &Asked| {
        let own = lines.get(asked.account.as_str()).into_iter().flatten();
        let mut all: Vec<(usize, &str)> = own.chain(&astray).copied().collect();
        all.sort_unstable();
        (asked.resource, Ok(report_of(asked, &all)))
    };
    Ok(asked.iter().map(report).collect())
}

fn report_of(asked: &Asked, lines: &[(usize, &str)]) -> UsageReport {
    let reader = Reader {
        settings: &asked.settings,
        account: &asked.account,
        now: asked.now,
    };
    let mut report = UsageReport::default();
    let mut seen: BTreeMap<String, UsageEvent> = BTreeMap::new();
    for (number, line) in lines {
        let outcome = reader.read(line).and_then(|run| match run {
            Some(run) => take(&mut seen, split::events(&reader, &run, asked.window)),
            None => Ok(()),
        });
        if let Err(fault) = outcome {
            report.faults.push(UsageFault {
                line: *number,
                text: failure::shorten(line),
                reason: fault.to_string(),
            });
        }
    }
    report.events = seen.into_values().collect();
    report
}

/// The same run twice is one run; the same run with other figures is a contradiction, of which the first is kept.
fn take(seen: &mut BTreeMap<String, UsageEvent>, events: Vec<UsageEvent>) -> Result<(), Fault> {
    if events
        .iter()
        .any(|event| seen.get(&event.key).is_some_and(|known| known != event))
    {
        return Err(Fault::Contradiction);
    }
    seen.extend(events.into_iter().map(|event| (event.key.clone(), event)));
    Ok(())
}

fn whole_days(window: Window) -> Window {
    let start = day_start(window.start);
    let end = day_start(window.end);
    Window {
        start,
        end: if end == window.end { end } else { next_day(end) },
    }
}

fn day_start(at: DateTime<Utc>) -> DateTime<Utc> {
    Utc.from_utc_datetime(&at.date_naive().and_time(NaiveTime::MIN))
}

/// At the end of the calendar a day has no next; nothing is measured there.
fn next_day(at: DateTime<Utc>) -> DateTime<Utc> {
    at.checked_add_days(Days::new(1))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests;
