//! Removes what is over: sessions, idempotency keys, finished jobs, what webhooks and people were told.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// How long finished jobs can be looked at.
const JOBS_KEPT: chrono::Duration = chrono::Duration::days(30);

/// Removes what is over.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sweep {}

impl Job for Sweep {
    const NAME: &'static str = "sweep";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for Sweep {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_hours(1), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let operations = &context.operations;
        let sessions = operations.accounts().sessions_expire().await?;
        let throttles = operations.accounts().sweep_throttles().await?;
        let answers = operations.idempotency().sweep().await?;
        let jobs = operations
            .jobs()
            .sweep(operations.clock().now() - JOBS_KEPT)
            .await?;
        let deliveries = operations.webhooks().sweep().await?;
        let actions = operations.actions().sweep().await?;
        let notices = operations.notices().sweep().await?;
        tracing::info!(
            swept.sessions = sessions,
            swept.throttles = throttles,
            swept.answers = answers,
            swept.jobs = jobs,
            swept.deliveries = deliveries,
            swept.actions = actions,
            swept.notices = notices,
            "swept"
        );
        Ok(JobOutcome::Done)
    }
}
