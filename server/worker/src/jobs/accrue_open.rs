//! Brings open invoices up to date.

use std::time::Duration;

use async_trait::async_trait;
use domain::jobs::{Job, LeasedJob};
use serde::{Deserialize, Serialize};

use super::run::{Context, JobOutcome, Run};
use crate::WorkerOptions;

/// Calculates what has become outdated.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccrueOpen {}

impl Job for AccrueOpen {
    const NAME: &'static str = "accrue_open";
    const HOUSEKEEPING: bool = true;
}

#[async_trait]
impl Run for AccrueOpen {
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        Some((Duration::from_mins(5), Self {}))
    }

    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        context.operations.billing().accrue_open().await?;
        Ok(JobOutcome::Done)
    }
}
