//! What the audit log is told about resources.

use entity::{order, resource};
use model::{EventKind, Permission, ResourceId, ResourceState};
use sea_orm::DatabaseTransaction;
use serde_json::{Value as Json, json};

use super::ProvisioningError;
use crate::access::{AccessError, Actor, Target, authorize};
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

/// The buyer's side sees its projects' resources, the provider's side those of its offerings.
pub(crate) fn may_see(actor: &Actor, target: &Target) -> Result<(), ProvisioningError> {
    let seller = authorize(actor, Permission::ViewOffering, target);
    if matches!(seller, Ok(()) | Err(AccessError::TokenTooNarrow { .. })) {
        return Ok(seller?);
    }
    match authorize(actor, Permission::ViewProject, target) {
        // "Not there" and "not yours" must answer alike.
        Err(AccessError::NotFound) => Err(ProvisioningError::NotFound),
        answer => Ok(answer?),
    }
}

/// As [`may_see`], for who does something with it: that a token is not for reading does not stand in the way.
pub(crate) fn may_know_of(actor: &Actor, target: &Target) -> Result<(), ProvisioningError> {
    match may_see(actor, target) {
        Err(ProvisioningError::Access(AccessError::TokenTooNarrow { .. })) => Ok(()),
        answer => answer,
    }
}
