//! Finds which backends are to be read, and makes one job for each, so that a slow one holds up nobody else.

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob, NewJob};
use serde::{Deserialize, Serialize};

use super::{Context, JobOutcome, Run, collect_usage::CollectUsage, collect_usage::metered};
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
        let backends: BTreeSet<String> = metered(context)
            .await?
            .into_iter()
            .map(|offering| offering.backend)
            .collect();
        for backend in backends {
            let job = NewJob::now(&CollectUsage {
                backend: backend.clone(),
            });
            let job = job
                .map_err(domain::DomainError::from)?
                .on_backend(backend)
                .patient();
            context.operations.jobs().enqueue(job).await?;
        }
        Ok(JobOutcome::Done)
    }
}
