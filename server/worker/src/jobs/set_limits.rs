//! Tells a backend that counts over the life of a resource how much may be used of it by now.

use async_trait::async_trait;
use domain::jobs::{LeasedJob, kinds::SetLimits};
use plugins::{Outcome, Silent};

use super::requests;
use super::run::{Context, JobOutcome, Run, upkeep_outcome};

#[async_trait]
impl Run for SetLimits {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let provisioning = context.operations.provisioning();
        let Some(work) = provisioning.work_of(self.resource_id).await? else {
            return Ok(JobOutcome::Done);
        };
        let plugin = context.plugin(&work.backend.plugin)?;
        let mut request = requests::of_resource(&work);
        context
            .take_backend_slot(leased, plugin.as_ref(), &request.settings)
            .await?;
        let counted = plugin.counted_over_life();
        let wanted = provisioning.limits_over_life(self.resource_id, &counted).await?;
        let Some(wanted) = wanted else {
            return Ok(JobOutcome::Done);
        };
        request.used_before = requests::decimals(&wanted.used_before);
        match plugin.change_limits(&request, &Silent).await {
            Ok(Outcome::Pending {
                poll_after: Some(after),
                ..
            }) => Ok(JobOutcome::Again(after)),
            Ok(_) => {
                provisioning.mark_limits(self.resource_id, &wanted).await?;
                Ok(JobOutcome::Done)
            }
            Err(error) => Ok(upkeep_outcome(&error)),
        }
    }
}
