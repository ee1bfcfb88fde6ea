//! Housekeeping that nobody asks for: made into jobs at fixed times, once over all processes.

use std::time::Duration;

use domain::{Domain, jobs::JobPayload};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// What is done how often. The dedup key of a job keeps two processes from doing it twice.
pub(crate) fn plan(usage_every: Duration) -> Vec<(Duration, JobPayload)> {
    vec![
        (usage_every, JobPayload::ScheduleUsage {}),
        (Duration::from_mins(5), JobPayload::AccrueOpen {}),
        (Duration::from_mins(10), JobPayload::ExpireOrders {}),
        (Duration::from_hours(1), JobPayload::Sweep {}),
    ]
}

/// Makes a job each time until told to stop.
pub(crate) async fn repeat(domain: Domain, every: Duration, payload: JobPayload, stop: CancellationToken) {
    let mut clock = interval(every);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(clock.tick()).await.is_some() {
        if let Err(error) = domain.jobs().schedule(payload.clone(), payload.kind()).await {
            tracing::warn!(
                error = domain::trace::cause(&error),
                job.kind = payload.kind(),
                "not scheduled"
            );
        }
    }
}
