//! The frame of every change to an offering: lock, authorise, check the revision; then count it up, keep what can
//! be ordered complete, write the log, commit.

use entity::offering::{ActiveModel, Entity, Model};
use model::{EventKind, OfferingId, OfferingState, Permission, Readiness, Requirement};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::Value as Json;

use super::CatalogueError;
use super::readiness::assess_now;
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::core::{Core, WriteTx};

/// An offering that is being changed, locked until the end of the transaction.
pub(super) struct Change<'a> {
    core: &'a Core,
    actor: &'a Actor,
    pub(super) tx: WriteTx,
    pub(super) row: Model,
    was_complete: bool,
}

/// What the log says of a change.
pub(super) struct Note {
    pub(super) verb: EventKind,
    pub(super) before: Json,
    pub(super) after: Json,
    pub(super) reason: String,
}

impl Note {
    pub(super) fn new(verb: EventKind, before: Json, after: Json) -> Self {
        Self {
            verb,
            before,
            after,
            reason: String::new(),
        }
    }
}

impl<'a> Change<'a> {
    /// Begins a change by somebody who may edit the offering. With `revision`, only if that is still the present one.
    /// Refused of an archived offering.
    pub(super) async fn begin(
        core: &'a Core,
        actor: &'a Actor,
        id: OfferingId,
        revision: Option<i32>,
    ) -> Result<Self, CatalogueError> {
        Self::begin_in(core, actor, (id, revision), false).await
    }

    /// As [`Change::begin`], of an archived offering too: for what those who have something of it need.
    pub(super) async fn begin_for_holders(
        core: &'a Core,
        actor: &'a Actor,
        id: OfferingId,
        revision: Option<i32>,
    ) -> Result<Self, CatalogueError> {
        Self::begin_in(core, actor, (id, revision), true).await
    }

    async fn begin_in(
        core: &'a Core,
        actor: &'a Actor,
        (id, revision): (OfferingId, Option<i32>),
        archived_too: bool,
    ) -> Result<Self, CatalogueError> {
        let tx = core.write_tx().await?;
        let row = Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        authorize(
            actor,
            Permission::EditOffering,
            &Target::offering(row.provider_id, id),
        )?;
        if !archived_too && !row.state.is_editable() {
            return Err(CatalogueError::Archived);
        }
        if revision.is_some_and(|revision| revision != row.revision) {
            return Err(CatalogueError::ChangedMeanwhile);
        }
        let was_complete = row.state == OfferingState::Active && unmet(&tx, &row).await?.is_empty();
        Ok(Self {
            core,
            actor,
            tx,
            row,
            was_complete,
        })
    }

    /// Stores `change` (nothing besides the revision where it is default), logs it and commits.
    pub(super) async fn end(self, mut change: ActiveModel, note: Note) -> Result<i32, CatalogueError> {
        let revision = self.row.revision.saturating_add(1);
        change.id = sea_orm::ActiveValue::Unchanged(self.row.id);
        change.revision = Set(revision);
        let row = change.update(&*self.tx).await?;
        if self.was_complete && row.state == OfferingState::Active {
            let unmet = unmet(&self.tx, &row).await?;
            if !unmet.is_empty() {
                return Err(CatalogueError::WouldBreak(unmet));
            }
        }
        let event = Event::new(self.actor, note.verb, row.id.0)
            .on(Target::offering(row.provider_id, row.id))
            .before(note.before)
            .after(note.after)
            .reason(note.reason);
        audit::record_in(self.core, &self.tx, event).await?;
        self.tx.commit().await?;
        Ok(revision)
    }

    /// As [`Change::end`], where only rows beside the offering changed.
    pub(super) async fn end_beside(self, note: Note) -> Result<i32, CatalogueError> {
        self.end(<ActiveModel as ActiveModelTrait>::default(), note).await
    }

    /// The offering as an active model without changes.
    pub(super) fn unchanged(&self) -> ActiveModel {
        self.row.clone().into_active_model()
    }
}

/// Requirements that are not met. An untested connection does not count: credentials of a published offering must be
/// replaceable, and the readiness list still says that they are untested.
pub(super) async fn unmet(tx: &WriteTx, row: &Model) -> Result<Vec<Readiness>, CatalogueError> {
    let list = assess_now(&**tx, row).await?;
    Ok(list
        .into_iter()
        .filter(|line| !line.met && line.requirement != Requirement::TestedSettings)
        .collect())
}
