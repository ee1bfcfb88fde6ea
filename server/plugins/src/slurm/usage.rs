//! From SLURM's accounting to usage events.
//!
//! `sacct` tells of jobs; the marketplace counts hours by day. Each job becomes one event for each component and each day (UTC) that
//! it touched. The key names the job's run and the day, so collecting again replaces, never adds; a running job is reported up to
//! the present and grows. A whole day is always reported as a whole, wherever the asked window begins.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};

use super::{accounts::Accounts, association, failure, names::AccountNames, provision};
use crate::{PluginError, UsageEvent, UsageFault, UsageReport, UsageRequest, Window};

mod record;
mod split;

use record::{Fault, Reader};

pub(super) async fn collect(
    accounts: &Accounts<'_>,
    request: &UsageRequest,
) -> Result<UsageReport, PluginError> {
    let name = AccountNames::of(accounts.settings(), &request.resource)?.resource;
    // An unknown cluster is answered with an empty list, which must not be taken for "nothing was used".
    provision::require_cluster(accounts).await?;
    let window = whole_days(request.window);
    let (start, end) = (stamp(window.start), stamp(window.end));
    // -a everybody's, -X without steps, -D also earlier runs of requeued jobs: they used the machine as well.
    let mut args = vec!["-M", &accounts.settings().cluster, "-a", "-X", "-D", "-P", "-n"];
    args.extend(["-A", &name, "-S", &start, "-E", &end, record::FORMAT]);
    let text = accounts.run("sacct", &args).await?.expect_success()?;
    let reader = Reader {
        settings: accounts.settings(),
        account: &name,
        now: request.now,
    };
    read(&reader, &text, window)
}

/// Turns an answer into events. Pure, so that recorded answers test it.
fn read(reader: &Reader<'_>, text: &str, window: Window) -> Result<UsageReport, PluginError> {
    let mut report = UsageReport::default();
    let mut seen: BTreeMap<String, UsageEvent> = BTreeMap::new();
    let (mut lines, mut shapeless) = (0_usize, 0_usize);
    for (number, line) in (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
    {
        lines += 1;
        let outcome = reader.read(line).and_then(|run| match run {
            Some(run) => take(&mut seen, split::events(reader, &run, window)),
            None => Ok(()),
        });
        if let Err(fault) = outcome {
            shapeless += usize::from(fault.is_shapeless());
            report.faults.push(UsageFault {
                line: number,
                text: failure::shorten(line),
                reason: fault.to_string(),
            });
        }
    }
    // Not one line is even a line of accounting: that is another program's answer, or another version's.
    if lines > 0 && shapeless == lines {
        return Err(failure::garbled(
            "sacct",
            association::lines(text).next().unwrap_or_default(),
        ));
    }
    report.events = seen.into_values().collect();
    Ok(report)
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
