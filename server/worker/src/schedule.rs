//! What is done on a timer: rows say when each is next due, so that it is done once, however many workers there are. What
//! webhooks and people are to be told is looked at as often, and apart: many webhooks hold up no schedule.

use std::time::Duration;

use domain::{Operations, jobs::Scheduled};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often the schedules, and what is to be told, are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Makes the jobs of the plan when they are due, until told to stop.
pub(crate) async fn keep(operations: Operations, plan: Vec<Scheduled>, stop: CancellationToken) {
    let mut clock = clock();
    while stop.run_until_cancelled(clock.tick()).await.is_some() {
        if let Err(error) = operations.jobs().run_schedules(&plan).await {
            tracing::warn!(
                error = domain::trace::cause(&error),
                "the schedules could not be looked at"
            );
        }
    }
}

/// Makes the jobs that tell people and webhooks, until told to stop.
pub(crate) async fn tell(operations: Operations, stop: CancellationToken) {
    let mut clock = clock();
    while stop.run_until_cancelled(clock.tick()).await.is_some() {
        if let Err(error) = operations.notices().tell_due().await {
            tracing::warn!(
                error = domain::trace::cause(&error),
                "what people are to be told could not be looked at"
            );
        }
        if let Err(error) = operations.webhooks().tell_due().await {
            tracing::warn!(
                error = domain::trace::cause(&error),
                "what webhooks are to be told could not be looked at"
            );
        }
    }
}

fn clock() -> Interval {
    let mut clock = interval(LOOK_EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    clock
}
