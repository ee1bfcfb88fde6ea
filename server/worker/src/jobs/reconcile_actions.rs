//! Ends actions that nobody else will: of resources that are gone, and of backends without a job.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Ends actions that outlived their resource, or lost their job.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReconcileActions {}

impl Job for ReconcileActions {
    const NAME: &'static str = "reconcile_actions";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ReconcileActions {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_mins(1), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let ended = context.operations.actions().end_lost().await?;
        if ended > 0 {
            tracing::info!(actions.ended = ended, "actions were ended that nobody worked on");
        }
        Ok(JobOutcome::Done)
    }
}
