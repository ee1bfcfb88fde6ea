//! Finds which backends are to be looked into, and makes one job for each, so that a slow one holds up nobody else.

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob, NewJob};
use serde::{Deserialize, Serialize};

use super::{Context, JobOutcome, Run, inspect_backend::InspectBackend, inspect_backend::inspected};
use crate::WorkerOptions;

/// Has every backend looked into that keeps members.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScheduleInspections {}

impl Job for ScheduleInspections {
    const NAME: &'static str = "schedule_inspections";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ScheduleInspections {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_mins(10), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let backends: BTreeSet<String> = inspected(context)
            .await?
            .into_iter()
            .map(|offering| offering.backend)
            .collect();
        for backend in backends {
            let job = NewJob::now(&InspectBackend {
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
