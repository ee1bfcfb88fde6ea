//! Reading webhooks and what became of their messages.

use chrono::{DateTime, Utc};
use entity::{role_grant, webhook, webhook_delivery};
use model::{EventKind, Page, PageRequest, Scope, Webhook, WebhookDelivery, WebhookId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{WebhookError, Webhooks, authorize_for, kinds_of, place_of, scope_of};
use crate::access::{AccessError, Actor, Target};
use crate::page;

/// The most webhooks of one scope.
pub(super) const MOST_OF_A_SCOPE: u64 = 20;

impl Webhooks {
    /// The webhooks of exactly this scope, the oldest first; at most 20. Refused for who may not manage webhooks there.
    pub async fn webhooks(&self, actor: &Actor, scope: Scope) -> Result<Vec<Webhook>, WebhookError> {
        let target = place_of(self.core.read(), scope).await?;
        authorize_for(actor, &target)?;
        let (kind, id) = role_grant::scope_columns(scope);
        let mut rows = webhook::Entity::find().filter(webhook::Column::ScopeKind.eq(kind));
        if let Some(id) = id {
            rows = rows.filter(webhook::Column::ScopeId.eq(id));
        }
        let rows = rows
            .order_by_asc(webhook::Column::Id)
            .all(self.core.read())
            .await?;
        let now = self.core.now();
        rows.into_iter().map(|row| shown(row, now)).collect()
    }

    /// One webhook. Who may not manage it finds nothing (`NotFound`), or is told that a role or the token lacks it.
    pub async fn webhook(&self, actor: &Actor, id: WebhookId) -> Result<Webhook, WebhookError> {
        let (row, _) = managed(self.core.read(), actor, id).await?;
        shown(row, self.core.now())
    }

    /// What became of its messages in the last 30 days, the newest first. Refused as [`Webhooks::webhook`].
    pub async fn deliveries(
        &self,
        actor: &Actor,
        id: WebhookId,
        request: &PageRequest,
    ) -> Result<Page<WebhookDelivery>, WebhookError> {
        managed(self.core.read(), actor, id).await?;
        let rows = webhook_delivery::Entity::find().filter(webhook_delivery::Column::WebhookId.eq(id));
        let rows = page::newest_first(rows, webhook_delivery::Column::Id, request)?;
        let rows = rows.all(self.core.read()).await?;
        Ok(page::cut(rows, request, |row| vec![row.id.to_string()]).map(delivery))
    }
}

/// A webhook that the actor manages, and where it lives.
pub(super) async fn managed(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    id: WebhookId,
) -> Result<(webhook::Model, Target), WebhookError> {
    let found = webhook::Entity::find_by_id(id).one(conn).await?;
    reached(conn, actor, found).await
}

/// The same, locked before anything is read that a change depends on: a worker may be moving its position.
pub(super) async fn managed_locked(
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: WebhookId,
) -> Result<(webhook::Model, Target), WebhookError> {
    let found = webhook::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    reached(tx, actor, found).await
}

async fn reached(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    found: Option<webhook::Model>,
) -> Result<(webhook::Model, Target), WebhookError> {
    let row = found.ok_or(AccessError::NotFound)?;
    let target = place_of(conn, scope_of(&row)?).await?;
    authorize_for(actor, &target)?;
    Ok((row, target))
}

/// A webhook as people see it now: of the secret before, nothing once it has ended.
pub(super) fn shown(row: webhook::Model, now: DateTime<Utc>) -> Result<Webhook, WebhookError> {
    let kinds = kinds_of(&row)?;
    Ok(Webhook {
        id: row.id,
        scope: scope_of(&row)?,
        kinds: kinds.iter().filter_map(|kind| EventKind::parse(kind)).collect(),
        url: row.url,
        description: row.description,
        state: row.state,
        failing_since: row.failing_since,
        next_try_at: row.next_try_at,
        last_error: row.last_error,
        previous_secret_until: row.previous_until.filter(|until| now < *until),
        revision: row.revision,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn delivery(row: webhook_delivery::Model) -> WebhookDelivery {
    WebhookDelivery {
        id: row.id,
        event_id: row.event_id,
        kind: row.kind,
        attempt: row.attempt,
        by_hand: row.by_hand,
        outcome: row.outcome,
        status: row.status,
        error: row.error,
        request: row.request,
        answer: row.answer,
        milliseconds: row.milliseconds,
        at: row.at,
    }
}
