//! Has orders that nobody works on any more worked on, and gives back their state to resources that failed only to end.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Makes jobs for orders that lost theirs, and heals resources whose termination was refused.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReconcileOrders {}

impl Job for ReconcileOrders {
    const NAME: &'static str = "reconcile_orders";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ReconcileOrders {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_secs(30), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let resumed = context.operations.ordering().requeue_lost().await?;
        if resumed > 0 {
            tracing::warn!(orders.resumed = resumed, "orders under way had no job");
        }
        let recovered = context
            .operations
            .provisioning()
            .recover_refused_terminations()
            .await?;
        if recovered > 0 {
            tracing::info!(resources.recovered = recovered, "what failed only to end runs");
        }
        Ok(JobOutcome::Done)
    }
}
