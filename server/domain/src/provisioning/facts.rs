//! What the audit log is told about resources.

use entity::{order, resource};
use model::{EventKind, ResourceId, ResourceState};
use sea_orm::DatabaseTransaction;
use serde_json::{Value as Json, json};

use super::ProvisioningError;
use crate::access::{Actor, Target};
use crate::audit::{self, Event};
use crate::core::Core;

/// A move of a resource from one state to another.
pub(super) struct Fact<'a> {
    pub(super) verb: EventKind,
    /// None when the resource was made by it.
    pub(super) before: Option<ResourceState>,
    pub(super) after: ResourceState,
    pub(super) reason: &'a str,
}

/// Writes the move down in the transaction that makes it.
pub(super) async fn record(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (id, target): (ResourceId, Target),
    fact: Fact<'_>,
) -> Result<(), ProvisioningError> {
    let before = fact.before.map_or(Json::Null, |state| json!({ "state": state }));
    let event = Event::new(actor, fact.verb, id.0)
        .on(target)
        .before(before)
        .after(json!({ "state": fact.after }))
        .reason(fact.reason);
    audit::record_in(core, tx, event).await?;
    Ok(())
}

/// Where a resource lives.
pub(crate) fn target_of(resource: &resource::Model) -> Target {
    Target::project(resource.organization_id, resource.project_id)
        .sold_by(resource.provider_id, Some(resource.offering_id))
}

/// Where an order lives.
pub(crate) fn target_of_order(order: &order::Model) -> Target {
    Target::project(order.organization_id, order.project_id)
        .sold_by(order.provider_id, Some(order.offering_id))
}
