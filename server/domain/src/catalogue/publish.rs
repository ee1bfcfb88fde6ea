//! The states of an offering.

use entity::offering::{ActiveModel, Entity};
use model::{EventKind, OfferingId, OfferingState, OfferingVerb, Permission, Readiness};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::json;

use super::change::{Change, Note};
use super::readiness::assess_now;
use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::check;

impl Catalogue {
    /// Puts a draft into the catalogue; refused with the whole list while a requirement is not met.
    pub async fn publish(&self, actor: &Actor, id: OfferingId) -> Result<(), CatalogueError> {
        self.make(actor, id, OfferingVerb::Publish, String::new()).await
    }

    /// Stops new orders for a while; buyers are shown the reason. Refused for who may not edit the offering (`Access`),
    /// without a reason (`Invalid`), and from a state in which it takes no orders.
    pub async fn pause(&self, actor: &Actor, id: OfferingId, reason: &str) -> Result<(), CatalogueError> {
        self.may_edit(actor, id).await?;
        let reason = check::reason("reason", reason, true)?;
        self.make(actor, id, OfferingVerb::Pause, reason).await
    }

    /// Takes orders again; refused while a requirement is not met.
    pub async fn resume(&self, actor: &Actor, id: OfferingId) -> Result<(), CatalogueError> {
        self.make(actor, id, OfferingVerb::Resume, String::new()).await
    }

    /// Takes it out of the catalogue for good; its resources live on. Refused for who may not edit the offering
    /// (`Access`).
    pub async fn archive(&self, actor: &Actor, id: OfferingId) -> Result<(), CatalogueError> {
        self.make(actor, id, OfferingVerb::Archive, String::new()).await
    }

    /// Who may not even see an offering learns nothing from the faults of the input.
    async fn may_edit(&self, actor: &Actor, id: OfferingId) -> Result<(), CatalogueError> {
        let row = Entity::find_by_id(id)
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        Ok(authorize(
            actor,
            Permission::EditOffering,
            &Target::offering(row.provider_id, id),
        )?)
    }

    async fn make(
        &self,
        actor: &Actor,
        id: OfferingId,
        verb: OfferingVerb,
        reason: String,
    ) -> Result<(), CatalogueError> {
        let change = Change::begin(&self.core, actor, id, None).await?;
        let next = change.row.state.after(verb)?;
        if next == OfferingState::Active {
            let list = self.ready(&change).await?;
            if list.iter().any(|line| !line.met) {
                return Err(CatalogueError::NotReady(list));
            }
        }
        let row = ActiveModel {
            state: Set(next),
            state_reason: Set(reason.clone()),
            ..<ActiveModel as sea_orm::ActiveModelTrait>::default()
        };
        let before = json!({ "state": change.row.state });
        let note = Note {
            reason,
            ..Note::new(past(verb), before, json!({ "state": next }))
        };
        change.end(row, note).await?;
        Ok(())
    }

    async fn ready(&self, change: &Change<'_>) -> Result<Vec<Readiness>, CatalogueError> {
        Ok(assess_now(&*change.tx, &change.row).await?)
    }
}

fn past(verb: OfferingVerb) -> EventKind {
    match verb {
        OfferingVerb::Publish => EventKind::OfferingPublished,
        OfferingVerb::Pause => EventKind::OfferingPaused,
        OfferingVerb::Resume => EventKind::OfferingResumed,
        OfferingVerb::Archive => EventKind::OfferingArchived,
    }
}
