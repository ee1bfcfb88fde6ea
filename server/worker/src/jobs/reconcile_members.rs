//! Brings those who joined, left or expired to the backends, whatever became of the job that the change made.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use plugins::Power;
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Makes jobs for resources that give access to others than their members.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReconcileMembers {}

impl Job for ReconcileMembers {
    const NAME: &'static str = "reconcile_members";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ReconcileMembers {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_secs(20), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let kinds: Vec<&str> = context
            .plugins
            .iter()
            .filter(|plugin| plugin.capabilities().can(Power::Members))
            .map(|plugin| plugin.kind())
            .collect();
        let diverged = context
            .operations
            .provisioning()
            .sync_diverged_members(&kinds)
            .await?;
        if diverged > 0 {
            tracing::info!(resources.diverged = diverged, "backends are told their members");
        }
        Ok(JobOutcome::Done)
    }
}
