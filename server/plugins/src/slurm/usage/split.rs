//! One run of a job becomes exact quantities by component and day.

use chrono::{DateTime, Utc};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    day_start, next_day,
    record::{Reader, Run},
};
use crate::{
    UsageEvent, Window,
    slurm::{CPU_HOURS, GPU_HOURS},
};

/// The events of a run for the days of the window; for all its days where it was suspended, since it goes on where it was
/// then.
pub(super) fn events(reader: &Reader<'_>, run: &Run, window: Window) -> Vec<UsageEvent> {
    let mut events = Vec::new();
    let since = if run.was_suspended {
        run.start
    } else {
        window.start
    };
    let mut from = run.start;
    while from < run.until && from < window.end {
        let until = next_day(day_start(from)).min(run.until);
        if until > since {
            let counts = [(CPU_HOURS, run.cpus), (GPU_HOURS, run.gpus)];
            let counted = counts.into_iter().filter(|(_, count)| *count > 0);
            events.extend(counted.filter_map(|(code, count)| event(reader, run, (from, until), code, count)));
        }
        from = until;
    }
    events
}

fn event(
    reader: &Reader<'_>,
    run: &Run,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    component: &str,
    count: u64,
) -> Option<UsageEvent> {
    // As a difference of running totals the days' quantities add up to the whole to the last digit, whatever each is rounded to.
    let quantity = total(run, until, count)? - total(run, from, count)?;
    if quantity.is_zero() {
        return None;
    }
    let cluster = &reader.settings.cluster;
    let (started, day) = (run.start.timestamp(), from.date_naive());
    Some(UsageEvent {
        key: format!("slurm/{cluster}/{}/{started}/{component}/{day}", run.job),
        component: component.to_owned(),
        window_start: from,
        window_end: until,
        quantity,
        user: run.user.clone(),
    })
}

/// The hours from the run's start to `at`, rounded to 9 decimals. `None` only where the figures do not fit a decimal number,
/// which the reader's bounds exclude.
fn total(run: &Run, at: DateTime<Utc>, count: u64) -> Option<Decimal> {
    let hours = Decimal::from((at - run.start).num_seconds())
        .checked_mul(Decimal::from(count))?
        .checked_div(Decimal::from(3600))?;
    Some(
        hours
            .round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero)
            .normalize(),
    )
}
