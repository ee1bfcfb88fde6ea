//! Brings the members of a resource's project to its backend.

use model::ResourceId;

use super::{Context, Fate, requests, upkeep_fate};

pub(super) async fn run(context: &Context, resource: ResourceId) -> Result<Fate, Fate> {
    let Some(work) = context.domain.provisioning().work_of(resource).await? else {
        return Ok(Fate::Done);
    };
    let plugin = context.plugin(&work.plugin)?;
    match plugin.sync_members(&requests::of_resource(&work)).await {
        Ok(_) => Ok(Fate::Done),
        Err(error) => Ok(upkeep_fate(&error)),
    }
}
