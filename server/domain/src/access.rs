//! Who may what. A role is granted on a scope; [`Actor::may`] asks whether any grant of the actor reaches the target.
//!
//! Invariants:
//! - An organization grant reaches the organization and its projects, and, for the selling side, what it offers. A grant
//!   on a project, provider or offering reaches just that. A buyer's role never decides on the seller's side of an order,
//!   even where one order names both organizations.
//! - "Not there" and "not yours" answer alike: [`Access::authorize`] says `Forbidden` only to those who may see the thing.
//! - A token never allows more than its owner may do, and nothing outside its scopes.
//! - Grants are never deleted: revoking keeps the row. An organization's last permanent owner cannot be removed.

pub mod accounts;
mod change_role_end;
mod grant;

use entity::project;
use model::{FieldFault, OrganizationId, Permission, ProjectId, Scope, UserId};
use sea_orm::EntityTrait;

pub use accounts::{Accounts, AccountsError};
pub use grant::NewGrant;
pub(crate) use grant::target_of as target_of_scope;

use crate::actor;
pub(crate) use crate::actor::check_scope;
pub use crate::actor::{AccessError, Actor, Columns, Grant, Target, Visible, authorize};
use crate::core::Core;

/// The service of roles and permissions.
#[derive(Clone)]
pub struct Access {
    core: Core,
    /// The state in which a role must still be that is changed, where it was read before.
    expected: Option<String>,
}

impl Access {
    pub(crate) fn new(core: Core) -> Self {
        Self { core, expected: None }
    }

    /// Whether `actor` may do this with `target`; see [`authorize`] for the answers.
    pub fn authorize(
        &self,
        actor: &Actor,
        permission: Permission,
        target: &Target,
    ) -> Result<(), AccessError> {
        authorize(actor, permission, target)
    }

    /// The person as an actor, with the grants in force now. Nobody with an active account under this id is `NotFound`.
    pub async fn actor_for(&self, user_id: UserId) -> Result<Actor, AccessError> {
        actor::load(&self.core, user_id).await
    }

    /// What a list of an organization, a project, or both is of: of the project, where it lies in the organization; `None`
    /// where neither is named. Refused at `project` where it lies elsewhere, is not there or not the actor's to see, which
    /// answer alike.
    pub async fn scope_within(
        &self,
        actor: &Actor,
        organization: Option<OrganizationId>,
        project: Option<ProjectId>,
    ) -> Result<Option<Scope>, AccessError> {
        let (Some(organization), Some(project)) = (organization, project) else {
            return Ok(project
                .map(Scope::Project)
                .or(organization.map(Scope::Organization)));
        };
        let target = Target::project(organization, project);
        let sight = [
            Permission::ViewProject,
            Permission::ViewInvoice,
            Permission::ViewAudit,
        ];
        let seen = sight.iter().any(|permission| actor.may(*permission, &target));
        let row = project::Entity::find_by_id(project).one(self.core.read()).await?;
        if seen && row.is_some_and(|row| row.organization_id == organization) {
            return Ok(Some(Scope::Project(project)));
        }
        let message =
            "There is no such project in this organization. Name one of the two, or a project of it.";
        Err(AccessError::Invalid(vec![FieldFault::at(
            "project",
            "not_in_organization",
            message,
        )]))
    }

    /// Whose log is meant by who names a provider, or else as [`Access::scope_within`] has it. Refused at `provider` where an
    /// organization or a project is named too: what is sold and what is bought are two logs.
    pub async fn scope_of_log(
        &self,
        actor: &Actor,
        provider: Option<OrganizationId>,
        (organization, project): (Option<OrganizationId>, Option<ProjectId>),
    ) -> Result<Option<Scope>, AccessError> {
        let Some(provider) = provider else {
            return self.scope_within(actor, organization, project).await;
        };
        if organization.is_none() && project.is_none() {
            return Ok(Some(Scope::Provider(provider)));
        }
        let message = "Name either a provider, or an organization and its project: what is sold and what is bought are two logs.";
        Err(AccessError::Invalid(vec![FieldFault::at(
            "provider",
            "not_with_others",
            message,
        )]))
    }
}
