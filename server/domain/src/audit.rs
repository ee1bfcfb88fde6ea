//! The append-only log: who did what to what, when, why, with what before and after.
//!
//! Invariants: an event is written in the same transaction as the change it tells of; nothing updates or deletes one;
//! secrets never enter `before` or `after` (callers pass what a page may show).

mod error;
mod list;
mod names;
mod role_told;
mod words;

pub use error::AuditError;
pub(crate) use list::{
    entries_for_holder, entries_in, entries_without_names, of_scope, scope_of_role, timeline_entry,
    timeline_in,
};

use chrono::{DateTime, Utc};
use entity::audit_event;
use model::{AuditId, EventKind};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseTransaction, DbErr,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::actor::{Actor, Target};
use crate::core::Core;

/// The service of the log: for reading. Writing is [`record_in`], from within services.
#[derive(Clone)]
pub struct Audit {
    core: Core,
}

impl Audit {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// One thing that happened. `Event::new(&actor, EventKind::OrderPlaced, id.0).on(target).after(json).reason("…")`.
#[derive(Debug, Clone)]
pub(crate) struct Event<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) subject_id: Uuid,
    pub(crate) verb: EventKind,
    pub(crate) target: Target,
    pub(crate) before: Json,
    pub(crate) after: Json,
    pub(crate) reason: String,
}

impl<'a> Event<'a> {
    /// What happened to the thing with this id.
    pub(crate) fn new(actor: &'a Actor, verb: EventKind, subject_id: Uuid) -> Self {
        Self {
            actor,
            subject_id,
            verb,
            target: Target::default(),
            before: Json::Null,
            after: Json::Null,
            reason: String::new(),
        }
    }

    /// Where the subject lives; decides who may read the event.
    pub(crate) fn on(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// What it was before, as far as it changed.
    pub(crate) fn before(mut self, before: Json) -> Self {
        self.before = before;
        self
    }

    /// What it is after.
    pub(crate) fn after(mut self, after: Json) -> Self {
        self.after = after;
        self
    }

    /// The reason or comment that a person gave.
    pub(crate) fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }
}

/// "Something that the log tells of happened to the `kind` with the id in `id` at `instant` or later".
pub(crate) fn changed_since<C: ColumnTrait>(kind: &str, id: C, instant: DateTime<Utc>) -> SimpleExpr {
    let mut events = Query::select();
    events
        .expr(Expr::val(1))
        .from(audit_event::Entity)
        .cond_where(audit_event::Column::SubjectKind.eq(kind))
        .cond_where(
            Expr::col((audit_event::Entity, audit_event::Column::SubjectId))
                .eq(Expr::col(id.as_column_ref())),
        )
        .cond_where(audit_event::Column::At.gte(instant));
    Expr::exists(events)
}

/// Writes `event` within the caller's transaction, under the current trace id.
pub(crate) async fn record_in(
    core: &Core,
    tx: &DatabaseTransaction,
    event: Event<'_>,
) -> Result<AuditId, DbErr> {
    let id = core.new_id(AuditId);
    let row = audit_event::ActiveModel {
        id: Set(id),
        sequence: NotSet,
        at: Set(core.now()),
        actor_id: Set(event.actor.stored_id()),
        actor_name: Set(event.actor.name.clone()),
        organization_id: Set(event.target.organization),
        project_id: Set(event.target.project),
        provider_id: Set(event.target.provider),
        subject_kind: Set(event.verb.subject().to_owned()),
        subject_id: Set(event.subject_id),
        verb: Set(event.verb.as_str().to_owned()),
        before: Set(event.before),
        after: Set(event.after),
        reason: Set(event.reason),
        trace_id: Set(crate::trace::current()),
    };
    row.insert(tx).await?;
    Ok(id)
}
