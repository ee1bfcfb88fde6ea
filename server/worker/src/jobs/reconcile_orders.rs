//! Has orders that nobody works on any more worked on.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Makes jobs for orders that lost theirs.
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
        let resumed = context.operations.ordering().resume_forgotten().await?;
        if resumed > 0 {
            tracing::warn!(orders.resumed = resumed, "orders under way had no job");
        }
        Ok(JobOutcome::Done)
    }
}
