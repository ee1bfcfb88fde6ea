//! What a webhook is sent.

use entity::audit_event;
use model::{WebhookData, WebhookMessage};
use sea_orm::DbErr;

/// The id of the message of an event: receivers know by it what they have had already.
pub(super) fn id_of(event: &audit_event::Model) -> String {
    format!("msg_{}", event.id.0.simple())
}

/// The body.
pub(super) fn body_of(event: audit_event::Model) -> Result<String, DbErr> {
    let message = WebhookMessage {
        kind: event.verb,
        timestamp: event.at,
        data: WebhookData {
            id: event.id,
            sequence: event.sequence,
            subject_kind: event.subject_kind,
            subject_id: event.subject_id,
            organization_id: event.organization_id,
            project_id: event.project_id,
            provider_id: event.provider_id,
            by: event.actor_name,
            before: event.before,
            after: event.after,
            reason: Some(event.reason).filter(|reason| !reason.is_empty()),
        },
    };
    serde_json::to_string(&message).map_err(|fault| DbErr::Json(fault.to_string()))
}
