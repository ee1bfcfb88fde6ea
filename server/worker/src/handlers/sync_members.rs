//! Brings the members of a resource's project to its backend.

use domain::jobs::LeasedJob;
use model::ResourceId;

use super::{Context, Fate, requests, upkeep_fate};

pub(super) async fn run(context: &Context, job: &LeasedJob, resource: ResourceId) -> Result<Fate, Fate> {
    let Some(work) = context.domain.provisioning().work_of(resource).await? else {
        return Ok(Fate::Done);
    };
    let plugin = context.plugin(&work.plugin)?;
    let request = requests::of_resource(&work);
    context.take_turn(job, plugin.as_ref(), &request.settings).await?;
    match plugin.sync_members(&request).await {
        Ok(_) => Ok(Fate::Done),
        Err(error) => Ok(upkeep_fate(&error)),
    }
}
