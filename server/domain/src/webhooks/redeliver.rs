//! Telling once more what was told or given up.

use entity::{audit_event, webhook};
use model::{AuditId, EventKind, WebhookId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::json;

use super::read::{managed, managed_locked};
use super::{WebhookError, Webhooks, in_turn, wanted};
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::jobs::kinds::RetellWebhook;
use crate::jobs::{NewJob, enqueue_in};

impl Webhooks {
    /// Tells the webhook of one event once more, apart from what it is being told. Refused as [`Webhooks::webhook`], and for an
    /// event that it is not told of (`NoSuchEvent`).
    pub async fn redeliver(&self, actor: &Actor, id: WebhookId, event: AuditId) -> Result<(), WebhookError> {
        let tx = self.core.write_tx().await?;
        let (row, _) = managed(&*tx, actor, id).await?;
        event_of(&*tx, &row, event).await?;
        let job = NewJob::now(&RetellWebhook {
            webhook_id: id,
            event_id: event,
        })?;
        enqueue_in(&self.core, &tx, in_turn(job)).await?;
        Ok(tx.commit().await?)
    }

    /// Tells the webhook of this event and of everything that happened since once more, in order. Refused as
    /// [`Webhooks::redeliver`].
    pub async fn redeliver_since(
        &self,
        actor: &Actor,
        id: WebhookId,
        event: AuditId,
    ) -> Result<(), WebhookError> {
        let tx = self.core.write_tx().await?;
        let (row, target) = managed_locked(&tx, actor, id).await?;
        let first = event_of(&*tx, &row, event).await?;
        let told = Event::new(actor, EventKind::WebhookRewound, id.0)
            .on(target)
            .after(json!({ "since": first.at, "event": event }));
        audit::record_in(&self.core, &tx, told).await?;
        let mut change = row.clone().into_active_model();
        change.position = Set(row.position.min(first.sequence.saturating_sub(1)));
        change.attempts = Set(0);
        change.answered = Set(0);
        change.next_try_at = Set(None);
        change.revision = Set(row.revision.saturating_add(1));
        change.update(&*tx).await?;
        Ok(tx.commit().await?)
    }
}

async fn event_of(
    conn: &impl ConnectionTrait,
    row: &webhook::Model,
    event: AuditId,
) -> Result<audit_event::Model, WebhookError> {
    let found = audit_event::Entity::find_by_id(event).filter(wanted(row)?);
    found.one(conn).await?.ok_or(WebhookError::NoSuchEvent)
}
