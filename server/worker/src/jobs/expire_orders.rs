//! Expires orders that nobody decided.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Expires what waited too long.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ExpireOrders {}

impl Job for ExpireOrders {
    const NAME: &'static str = "expire_orders";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for ExpireOrders {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_mins(10), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let expired = context.operations.ordering().expire_due().await?;
        if expired > 0 {
            tracing::info!(
                orders.expired = expired,
                "orders that nobody decided have expired"
            );
        }
        Ok(JobOutcome::Done)
    }
}
