//! Asks the backend of a resource for its parts, and for the condition that it is in.

use async_trait::async_trait;
use domain::{
    DomainError,
    jobs::{LeasedJob, kinds::ListParts},
};

use super::requests;
use super::run::{Context, JobOutcome, Run};

#[async_trait]
impl Run for ListParts {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let actions = context.operations.actions();
        let Some(work) = context
            .operations
            .provisioning()
            .work_of(self.resource_id)
            .await?
        else {
            return Ok(JobOutcome::Done);
        };
        let plugin = context.plugin(&work.backend.plugin)?;
        let request = requests::of_resource(&work);
        if !plugin.lists_parts(&request.settings) {
            return Ok(JobOutcome::Done);
        }
        context
            .take_backend_slot(leased, plugin.as_ref(), &request.settings)
            .await?;
        let stored = actions.condition_of(self.resource_id).await?;
        let condition = requests::condition(&stored, &plugin.conditions());
        match plugin.parts(&request, &condition).await {
            Ok(parts) => {
                actions
                    .keep_parts(self.resource_id, &parts.tables, parts.condition)
                    .await?;
                Ok(JobOutcome::Done)
            }
            // Whoever asked reads why beside what was listed before, and asks again.
            Err(error) => {
                actions.miss_parts(self.resource_id, &error.to_string()).await?;
                Ok(JobOutcome::Done)
            }
        }
    }

    async fn given_up(&self, context: &Context, reason: &str) -> Result<(), DomainError> {
        Ok(context
            .operations
            .actions()
            .miss_parts(self.resource_id, reason)
            .await?)
    }
}
