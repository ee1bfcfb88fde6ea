//! What the log is told about actions: events of their resource.

use entity::resource_action::Model;
use model::EventKind;
use sea_orm::{DatabaseTransaction, DbErr};
use serde_json::json;

use crate::access::{Actor, Target};
use crate::audit::{self, Event};
use crate::core::Core;

/// Where the resource of an action lives.
pub(super) fn target_of(action: &Model) -> Target {
    Target::project(action.organization_id, action.project_id)
        .sold_by(action.provider_id, Some(action.offering_id))
}

/// Writes down what happened to an action, in the transaction that makes it so. `reason` is what people read beside it.
pub(super) async fn record(
    core: &Core,
    tx: &DatabaseTransaction,
    (actor, verb): (&Actor, EventKind),
    action: &Model,
    reason: &str,
) -> Result<(), DbErr> {
    let after = json!({
        "action": action.id, "key": action.key, "title": action.title, "by_hand": action.by_hand,
        // `state` in events of a resource is the resource's.
        "action_state": action.state,
    });
    let event = Event::new(actor, verb, action.resource_id.0)
        .on(target_of(action))
        .after(after)
        .reason(reason);
    audit::record_in(core, tx, event).await.map(drop)
}
