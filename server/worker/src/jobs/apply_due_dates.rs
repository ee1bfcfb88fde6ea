//! What the system does about days: starts what was ordered for today, tells of ends that are near, ends what is over.
//! Each looks at the rows, so a portal that was down makes up for what it missed.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Starts, tells of and ends what is due.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyDueDates {}

impl Job for ApplyDueDates {
    const NAME: &'static str = "keep_days";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ApplyDueDates {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_mins(5), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let ordering = context.operations.ordering();
        // One of them failing must not keep the others from running: they are about different people's things.
        let started = ordering.start_due().await;
        let told = ordering.send_end_notices().await;
        let ended = ordering.end_due().await;
        let (started, told, ended) = (started?, told?, ended?);
        if started + told + ended > 0 {
            tracing::info!(
                orders.started = started,
                ends.told = told,
                resources.ended = ended,
                "days were kept"
            );
        }
        Ok(JobOutcome::Done)
    }
}
