//! What concerns the ways in of a person, in the append-only log and in the log of the process: sign-ins, wrong passwords,
//! waits, other passwords, tokens. The person reads it on the profile, staff in the history of the installation.
//!
//! A wrong password is written down only where it was counted, and of the tries that come during a wait one in the longest
//! time that a wait takes; so the waits bound how many events strangers can make.

use chrono::{DateTime, Utc};
use entity::{audit_event, user};
use model::{EventKind, TimelineEntry, UserId};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;
use uuid::Uuid;

use super::throttle::LONGEST;
use super::{Accounts, AccountsError};
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::core::Core;

/// Under this kind of subject the events stand, with the person's id.
const KIND: &str = "account";
/// The newest events that a person is shown.
const SHOWN: u64 = 30;

/// Where a try comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address; empty where there is none.
    pub address: String,
    /// What [`super::SignedIn::device`] gave this browser before; empty where it brings nothing.
    pub device: String,
}

impl Accounts {
    /// The newest events about the actor's ways in, newest first. Refused with a token (`BrowserOnly`).
    pub async fn security_events(&self, actor: &Actor) -> Result<Vec<TimelineEntry>, AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        let rows = audit_event::Entity::find()
            .filter(audit_event::Column::SubjectKind.eq(KIND))
            .filter(audit_event::Column::SubjectId.eq(actor.user_id.0))
            .order_by_desc(audit_event::Column::Sequence)
            .limit(SHOWN)
            .all(self.core.read())
            .await?;
        Ok(rows.into_iter().map(audit::timeline_entry).collect())
    }
}

/// Writes down `verb` about the person's ways in, done by `by`.
pub(super) async fn record_in(
    core: &Core,
    tx: &DatabaseTransaction,
    by: &Actor,
    person: UserId,
    verb: EventKind,
    details: (Json, String),
) -> Result<(), DbErr> {
    let (after, reason) = details;
    let event = Event::new(by, verb, person.0).after(after).reason(reason);
    audit::record_in(core, tx, event).await?;
    Ok(())
}

/// Where a try came from, in words.
pub(super) fn from_where(from: &Origin) -> String {
    if from.address.is_empty() {
        String::new()
    } else {
        format!("From {}.", from.address)
    }
}

/// Notes a wrong password, and until when further ones from there wait. Of people who do not exist here only the log tells.
pub(super) async fn note_failure(
    core: &Core,
    person: Option<&user::Model>,
    from: &Origin,
    waits_until: Option<DateTime<Utc>>,
) -> Result<(), AccountsError> {
    let waits = waits_until.is_some();
    let Some(person) = person else {
        tracing::info!(
            client.address = from.address,
            waits,
            "somebody unknown could not sign in"
        );
        return Ok(());
    };
    tracing::info!(client.address = from.address, user.id = %person.id, waits, "a sign-in failed");
    let verb = if waits {
        EventKind::AccountSignInSlowedDown
    } else {
        EventKind::AccountSignInFailed
    };
    let tx = core.write_tx().await?;
    let details = (Json::Null, from_where(from));
    record_in(core, &tx, &Actor::unknown(), person.id, verb, details).await?;
    Ok(tx.commit().await?)
}

/// Notes a try that was refused without a look at the password, because it came during a wait: each in the log; in the history
/// no other within the time of the longest wait.
pub(super) async fn note_try_within_wait(
    core: &Core,
    person: Option<&user::Model>,
    by: &Actor,
    from: &Origin,
) -> Result<(), AccountsError> {
    const VERB: EventKind = EventKind::AccountTryRefused;
    // Of people who do not exist it is looked up too: how long the answer takes tells nobody who does.
    let id = person.map_or_else(|| UserId(Uuid::nil()), |person| person.id);
    let told = audit_event::Entity::find()
        .filter(audit_event::Column::SubjectKind.eq(KIND))
        .filter(audit_event::Column::SubjectId.eq(id.0))
        .filter(audit_event::Column::Verb.eq(VERB))
        .filter(audit_event::Column::At.gt(core.now() - LONGEST))
        .one(core.read())
        .await?;
    if person.is_none() {
        tracing::info!(
            client.address = from.address,
            "a try of somebody unknown was refused during a wait"
        );
        return Ok(());
    }
    tracing::info!(client.address = from.address, user.id = %id, "a try was refused during a wait");
    if told.is_none() {
        let tx = core.write_tx().await?;
        record_in(core, &tx, by, id, VERB, (Json::Null, from_where(from))).await?;
        tx.commit().await?;
    }
    Ok(())
}
