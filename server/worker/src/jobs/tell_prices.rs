//! Tells buyers of prices that reach what they have.

use async_trait::async_trait;
use domain::jobs::{LeasedJob, kinds::TellPrices};

use super::run::{Context, JobOutcome, Run};

#[async_trait]
impl Run for TellPrices {
    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let provisioning = context.operations.provisioning();
        let told = provisioning.tell_prices(self.plan_id, self.saved_at).await?;
        tracing::info!(plan.id = %self.plan_id, resources.told = told, "buyers were told of a price");
        Ok(JobOutcome::Done)
    }
}
