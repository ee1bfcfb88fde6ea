//! What is done on a timer: rows say when each is next due, so that it is done once, however many workers there are. What
//! webhooks wait for is looked at as often, and apart: many webhooks hold up no schedule.

use std::time::Duration;

use domain::{Operations, jobs::Scheduled};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often the schedules, and what webhooks wait for, are looked at.
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

/// Makes the jobs that tell webhooks, until told to stop.
pub(crate) async fn tell(operations: Operations, stop: CancellationToken) {
    let mut clock = clock();
    while stop.run_until_cancelled(clock.tick()).await.is_some() {
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
