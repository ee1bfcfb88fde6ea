//! Making, changing and removing webhooks.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{audit_event, role_grant, webhook};
use model::{EventKind, Scope, Webhook, WebhookDraft, WebhookId, WebhookSecret, WebhookState};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QuerySelect,
};
use serde_json::{Value as Json, json};

use super::read::{MOST_OF_A_SCOPE, managed_locked, shown};
use super::{WebhookError, Webhooks, authorize_for, host_of, place_of, sign};
use crate::access::{Actor, Target};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::core::{Core, advisory_lock};
use crate::crypto::SealedIn;

/// The most characters of an address.
const LONGEST_URL: usize = 2_000;
/// The most characters of a description.
const LONGEST_DESCRIPTION: usize = 200;
/// How long the secret before signs as well, at most.
const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(7);

impl Webhooks {
    /// Makes a webhook that is told of what happens from now on, its own making included. Refused for who may not manage
    /// webhooks there, for an address that may not be asked, a text that is too long and on an offering (`Invalid`), and where
    /// there are 20 already (`TooMany`).
    pub async fn create(
        &self,
        actor: &Actor,
        scope: Scope,
        draft: WebhookDraft,
    ) -> Result<Webhook, WebhookError> {
        let tx = self.core.write_tx().await?;
        let target = place_of(&*tx, scope).await?;
        authorize_for(actor, &target)?;
        let draft = checked(&self.core, draft, scope)?;
        refuse_too_many(&tx, scope).await?;
        let (id, now) = (self.core.new_id(WebhookId), self.core.now());
        let position = record(
            &self.core,
            &tx,
            (actor, target),
            EventKind::WebhookCreated,
            (id, told(&draft)),
        )
        .await?;
        let secret = sign::new_secret();
        let (scope_kind, scope_id) = role_grant::scope_columns(scope);
        let row = webhook::Model {
            id,
            scope_kind,
            scope_id,
            url: draft.url,
            description: draft.description,
            kinds: json!(draft.kinds),
            state: WebhookState::Enabled,
            secret: self.core.cipher().seal(&secret, SealedIn::of_webhook(id.0))?,
            previous_secret: None,
            previous_until: None,
            position: position.saturating_sub(1),
            attempts: 0,
            answered: 0,
            failing_since: None,
            next_try_at: None,
            last_error: String::new(),
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        let insert = webhook::Entity::insert(row.clone().into_active_model().reset_all());
        insert.exec_without_returning(&*tx).await?;
        tx.commit().await?;
        shown(row, self.core.now())
    }

    /// Changes address, description and kinds. What waited for the next try is tried at once. Refused as
    /// [`Webhooks::create`], and where it has another revision (`ChangedMeanwhile`).
    pub async fn change(
        &self,
        actor: &Actor,
        id: WebhookId,
        draft: WebhookDraft,
        revision: i32,
    ) -> Result<Webhook, WebhookError> {
        let (tx, row, target) = self.begin(actor, id).await?;
        if row.revision != revision {
            return Err(WebhookError::ChangedMeanwhile);
        }
        let draft = checked(&self.core, draft, super::scope_of(&row)?)?;
        record(
            &self.core,
            &tx,
            (actor, target),
            EventKind::WebhookChanged,
            (id, told(&draft)),
        )
        .await?;
        let mut change = counted_on(&row, self.core.now());
        if draft.url != row.url {
            change.attempts = Set(0);
            change.answered = Set(0);
            change.failing_since = Set(None);
            change.last_error = Set(String::new());
        }
        change.url = Set(draft.url);
        change.description = Set(draft.description);
        change.kinds = Set(json!(with_unknown(&row, &draft.kinds)?));
        change.next_try_at = Set(None);
        let row = change.update(&*tx).await?;
        tx.commit().await?;
        shown(row, self.core.now())
    }

    /// Stops it, or lets it go on where it stopped, whether somebody or failures stopped it; what happened meanwhile is told
    /// then. Refused as [`Webhooks::webhook`].
    pub async fn set_enabled(
        &self,
        actor: &Actor,
        id: WebhookId,
        enabled: bool,
    ) -> Result<Webhook, WebhookError> {
        let (tx, row, target) = self.begin(actor, id).await?;
        let state = if enabled {
            WebhookState::Enabled
        } else {
            WebhookState::Paused
        };
        if row.state == state {
            return shown(row, self.core.now());
        }
        let verb = if enabled {
            EventKind::WebhookResumed
        } else {
            EventKind::WebhookPaused
        };
        record(
            &self.core,
            &tx,
            (actor, target),
            verb,
            (id, json!({ "state": state })),
        )
        .await?;
        let mut change = counted_on(&row, self.core.now());
        change.state = Set(state);
        change.attempts = Set(0);
        change.answered = Set(0);
        change.failing_since = Set(None);
        change.next_try_at = Set(None);
        change.last_error = Set(String::new());
        let row = change.update(&*tx).await?;
        tx.commit().await?;
        shown(row, self.core.now())
    }

    /// The secret that its messages are signed with. That it was read is an event. Refused as [`Webhooks::webhook`].
    pub async fn secret(&self, actor: &Actor, id: WebhookId) -> Result<WebhookSecret, WebhookError> {
        let (tx, row, target) = self.begin(actor, id).await?;
        let secret = self.core.cipher().open(&row.secret, SealedIn::of_webhook(id.0))?;
        let event = Event::new(actor, EventKind::WebhookSecretRead, id.0).on(target);
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(WebhookSecret {
            secret: sign::shown(&secret),
        })
    }

    /// Makes a new secret; the one before signs as well for `overlap`, at most seven days. Refused as
    /// [`Webhooks::webhook`], and for a longer overlap (`Invalid`).
    pub async fn rotate_secret(
        &self,
        actor: &Actor,
        id: WebhookId,
        overlap: TimeDelta,
    ) -> Result<Webhook, WebhookError> {
        let (tx, row, target) = self.begin(actor, id).await?;
        let mut check = Check::default();
        check.ensure(
            overlap >= TimeDelta::zero() && overlap <= LONGEST_OVERLAP,
            "overlap_hours",
            "out_of_range",
            "Enter from 0 to 168 hours.",
        );
        check.done().map_err(WebhookError::Invalid)?;
        let until = self.core.now() + overlap;
        let after = json!({ "previous_until": until });
        record(
            &self.core,
            &tx,
            (actor, target),
            EventKind::WebhookSecretRotated,
            (id, after),
        )
        .await?;
        let cipher = self.core.cipher();
        let before = cipher.open(&row.secret, SealedIn::of_webhook(id.0))?;
        let secret = sign::new_secret();
        let mut change = counted_on(&row, self.core.now());
        change.secret = Set(cipher.seal(&secret, SealedIn::of_webhook(id.0))?);
        // Without an overlap nothing is kept that could sign.
        let overlaps = overlap > TimeDelta::zero();
        let sealed = overlaps.then(|| cipher.seal(&before, SealedIn::of_webhook_before(id.0)));
        change.previous_secret = Set(sealed.transpose()?);
        change.previous_until = Set(overlaps.then_some(until));
        let row = change.update(&*tx).await?;
        tx.commit().await?;
        shown(row, self.core.now())
    }

    /// Removes it, with what is kept of its messages. Refused as [`Webhooks::webhook`].
    pub async fn remove(&self, actor: &Actor, id: WebhookId) -> Result<(), WebhookError> {
        let (tx, row, target) = self.begin(actor, id).await?;
        let before = json!({ "host": host_of(&row.url) });
        let event = Event::new(actor, EventKind::WebhookRemoved, id.0)
            .on(target)
            .before(before);
        audit::record_in(&self.core, &tx, event).await?;
        webhook::Entity::delete_by_id(id).exec(&*tx).await?;
        Ok(tx.commit().await?)
    }

    async fn begin(
        &self,
        actor: &Actor,
        id: WebhookId,
    ) -> Result<(crate::core::WriteTx, webhook::Model, Target), WebhookError> {
        let tx = self.core.write_tx().await?;
        let (row, target) = managed_locked(&tx, actor, id).await?;
        Ok((tx, row, target))
    }
}

/// The kinds, with those of its present ones that this program does not know: a newer one chose them.
fn with_unknown(row: &webhook::Model, kinds: &[EventKind]) -> Result<Vec<String>, WebhookError> {
    let known = kinds.iter().map(|kind| kind.as_str().to_owned());
    let stored = super::kinds_of(row)?.into_iter();
    Ok(known
        .chain(stored.filter(|kind| EventKind::parse(kind).is_none()))
        .collect())
}

/// The next revision, with everything else as it is.
fn counted_on(row: &webhook::Model, now: DateTime<Utc>) -> webhook::ActiveModel {
    let mut change = row.clone().into_active_model();
    change.revision = Set(row.revision.saturating_add(1));
    change.updated_at = Set(now);
    change
}

/// Writes the event and answers its number.
async fn record(
    core: &Core,
    tx: &DatabaseTransaction,
    (actor, target): (&Actor, Target),
    verb: EventKind,
    (id, after): (WebhookId, Json),
) -> Result<i64, WebhookError> {
    let event = Event::new(actor, verb, id.0).on(target).after(after);
    let event = audit::record_in(core, tx, event).await?;
    let sequence = audit_event::Entity::find_by_id(event)
        .select_only()
        .column(audit_event::Column::Sequence)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(sequence.unwrap_or_default())
}

fn told(draft: &WebhookDraft) -> Json {
    json!({ "host": host_of(&draft.url), "description": draft.description, "kinds": draft.kinds })
}

fn checked(core: &Core, draft: WebhookDraft, scope: Scope) -> Result<WebhookDraft, WebhookError> {
    let mut check = Check::default();
    let is_place = !matches!(scope, Scope::Offering(_));
    check.ensure(
        is_place,
        "scope",
        "no_place",
        "Choose an organization, a project, a provider or the whole portal.",
    );
    let url = check.required("url", &draft.url, LONGEST_URL);
    if let Some(refusal) = core.address_refusal(&url).filter(|_| !url.is_empty()) {
        check.fault("url", "address_refused", refusal);
    }
    let description = check.line("description", &draft.description, LONGEST_DESCRIPTION);
    check.done().map_err(WebhookError::Invalid)?;
    let mut kinds = draft.kinds;
    kinds.sort_unstable();
    kinds.dedup();
    Ok(WebhookDraft {
        url,
        description,
        kinds,
    })
}

async fn refuse_too_many(tx: &DatabaseTransaction, scope: Scope) -> Result<(), WebhookError> {
    let (kind, id) = role_grant::scope_columns(scope);
    advisory_lock(tx, &format!("webhooks of {kind:?} {id:?}")).await?;
    let mut there = webhook::Entity::find().filter(webhook::Column::ScopeKind.eq(kind));
    if let Some(id) = id {
        there = there.filter(webhook::Column::ScopeId.eq(id));
    }
    if there.count(tx).await? >= MOST_OF_A_SCOPE {
        return Err(WebhookError::TooMany);
    }
    Ok(())
}
