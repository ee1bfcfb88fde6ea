//! Reminds those whom orders wait for, and asks others where they cannot decide any more.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Looks after steps of approvals that wait.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RemindApprovers {}

impl Job for RemindApprovers {
    const NAME: &'static str = "remind_approvers";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for RemindApprovers {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_mins(10), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let told = context.operations.ordering().remind_due().await?;
        if told > 0 {
            tracing::info!(orders.told = told, "people were reminded of orders that wait");
        }
        Ok(JobOutcome::Done)
    }
}
