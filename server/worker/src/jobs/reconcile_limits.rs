//! Brings what may be used of a resource to the backends that count over its life: a period has begun, a term was renewed, or
//! use came late.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Makes jobs for resources whose backend lets more or less be used than is true now.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReconcileLimits {}

impl Job for ReconcileLimits {
    const NAME: &'static str = "reconcile_limits";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ReconcileLimits {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        // Each pass adds up what was used in all the time before; whose month has begun waits no longer than this.
        Some((Duration::from_mins(5), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let provisioning = context.operations.provisioning();
        let mut diverged = 0;
        for plugin in context.plugins.iter() {
            let counted = plugin.counted_over_life();
            if !counted.is_empty() {
                diverged += provisioning.set_diverged_limits(plugin.kind(), &counted).await?;
            }
        }
        if diverged > 0 {
            tracing::info!(resources.diverged = diverged, "backends are told their limits");
        }
        Ok(JobOutcome::Done)
    }
}
