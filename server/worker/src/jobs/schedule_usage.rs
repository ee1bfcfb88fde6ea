//! Finds which backends are to be read, and makes one job for each, so that a slow one holds up nobody else.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::collect_usage::{CollectUsage, metered};
use super::run::{Context, JobOutcome, Run, for_each_backend};
use crate::WorkerOptions;

/// Has the usage of every backend read.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScheduleUsage {}

impl Job for ScheduleUsage {
    const NAME: &'static str = "schedule_usage";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ScheduleUsage {
    fn scheduled(options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((options.usage_every, Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let backends = metered(context)
            .await?
            .into_iter()
            .map(|offering| offering.backend);
        for_each_backend(context, backends, |backend| CollectUsage { backend }).await
    }
}
