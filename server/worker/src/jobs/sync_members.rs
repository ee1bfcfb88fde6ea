//! Brings the members of a resource's project to its backend.

use async_trait::async_trait;
use domain::jobs::{LeasedJob, kinds::SyncMembers};

use super::requests;
use super::run::{Context, JobOutcome, Run, upkeep_outcome};

#[async_trait]
impl Run for SyncMembers {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let provisioning = context.operations.provisioning();
        let Some(work) = provisioning.work_of(self.resource_id).await? else {
            return Ok(JobOutcome::Done);
        };
        let plugin = context.plugin(&work.backend.plugin)?;
        let request = requests::of_resource(&work);
        context
            .take_backend_slot(leased, plugin.as_ref(), &request.settings)
            .await?;
        match plugin.sync_members(&request).await {
            Ok(_) => {
                provisioning.mark_members(self.resource_id, &work.members).await?;
                Ok(JobOutcome::Done)
            }
            Err(error) => Ok(upkeep_outcome(&error)),
        }
    }
}
