//! Which state of an organization or project somebody saw who changes it, so that nobody overwrites what they did not see.

use entity::{organization, project};
use model::{OrganizationId, Permission, ProjectId};
use sea_orm::EntityTrait;
use serde_json::Value as Json;

use super::{Structure, StructureError, Versions, organizations, projects};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::crypto::sha256_hex;

impl Structure {
    /// The same service for a change of what was seen in this state: it is refused as changed meanwhile once the thing is in
    /// another one.
    #[must_use]
    pub fn at_state(mut self, state: &str) -> Self {
        self.expected = Some(state.to_owned());
        self
    }

    /// The state of an organization, for who may see it: the same text for the same settings, another one for others.
    pub async fn organization_state(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<String, StructureError> {
        authorize(actor, Permission::ViewOrganization, &Target::organization(id))?;
        let db = self.core.read();
        let row = organization::Entity::find_by_id(id).one(db).await?;
        let row = row.ok_or(AccessError::NotFound)?;
        let versions = Versions::of(db, id).await?;
        let facts = versions.last().ok_or(AccessError::NotFound)?;
        Ok(mark(&organizations::shown(&row, facts)))
    }

    /// The state of a project, likewise.
    pub async fn project_state(&self, actor: &Actor, id: ProjectId) -> Result<String, StructureError> {
        let row = project::Entity::find_by_id(id).one(self.core.read()).await?;
        let row = row.ok_or(AccessError::NotFound)?;
        let target = Target::project(row.organization_id, id);
        authorize(actor, Permission::ViewProject, &target)?;
        Ok(mark(&projects::shown(&row)))
    }

    /// Refuses when something else was seen than what is there, as the log shows it.
    pub(super) fn check_state(&self, shown: &Json) -> Result<(), StructureError> {
        match &self.expected {
            Some(seen) if *seen != mark(shown) => Err(StructureError::ChangedMeanwhile),
            _ => Ok(()),
        }
    }
}

fn mark(shown: &Json) -> String {
    sha256_hex(shown.to_string().as_bytes())
}
