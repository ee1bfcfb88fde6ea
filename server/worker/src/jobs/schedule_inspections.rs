//! Finds which backends are to be looked into, and makes one job for each, so that a slow one holds up nobody else.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::inspect_backend::{InspectBackend, inspected};
use super::run::{Context, JobOutcome, Run, for_each_backend};
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
        let backends = inspected(context)
            .await?
            .into_iter()
            .map(|offering| offering.backend);
        for_each_backend(context, backends, |backend| InspectBackend { backend }).await
    }
}
