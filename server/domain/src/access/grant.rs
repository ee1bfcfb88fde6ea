//! Giving and taking roles.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::role_grant::{self, ActiveModel, Column, Entity};
use entity::{offering, organization, project, resource, user};
use model::{EventKind, GrantId, Member, Permission, ResourceState, Role, Scope, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{Access, AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::check::{self, Check};
use crate::core::{Core, advisory_lock};
use crate::jobs::kinds::SyncMembers;
use crate::jobs::{self, NewJob};

/// Roles that are held on one scope at most: who works there is shown whole.
const MOST_ON_SCOPE: u64 = 1_000;

/// A role to be given.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// To whom.
    pub user: UserId,
    /// Which role.
    pub role: Role,
    /// On what.
    pub scope: Scope,
    /// Until when; open without.
    pub expires_at: Option<DateTime<Utc>>,
    /// Why; may be empty.
    pub reason: String,
}

impl Access {
    /// Gives a role, to those who manage people there and hold at least what the role allows. Refused: who may not manage
    /// people there (`NotFound`, `Forbidden`), a role above one's own (`MoreThanOwn`), one that does not belong there
    /// (`RoleDoesNotFit`) or is held there already (`AlreadyGranted`), an end in the past (`AlreadyOver`), a person who
    /// is unknown or deactivated (`NotFound`), a reason or a day that cannot be kept, and where 1,000 roles are held already
    /// (`Invalid`).
    pub async fn grant(&self, actor: &Actor, new: NewGrant) -> Result<GrantId, AccessError> {
        if !fits(new.role, new.scope) {
            return Err(AccessError::RoleDoesNotFit { role: new.role });
        }
        let now = self.core.now();
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(AccessError::AlreadyOver);
        }
        let mut check = Check::default();
        let why = check.reason("reason", &new.reason, false);
        check.day("expires_at", new.expires_at.map(|end| end.date_naive()));
        check.done().map_err(AccessError::Invalid)?;
        let tx = self.core.write_tx().await?;
        let target = target_of(&*tx, new.scope).await?;
        authorize(actor, Permission::ManageTeam, &target)?;
        refuse_more_than_own(actor, new.role, &target)?;
        let person = user::Entity::find_by_id(new.user).one(&*tx).await?;
        let person = person
            .filter(|person| person.is_active)
            .ok_or(AccessError::NotFound)?;
        advisory_lock(&tx, &format!("grants of {}", new.user)).await?;
        let same = Entity::find_on(new.scope, now)
            .filter(Column::UserId.eq(new.user))
            .filter(Column::Role.eq(new.role));
        if same.count(&*tx).await? > 0 {
            return Err(AccessError::AlreadyGranted);
        }
        let mut check = Check::default();
        check.ensure(
            Entity::find_on(new.scope, now).count(&*tx).await? < MOST_ON_SCOPE,
            "user",
            "too_many",
            "There are 1,000 roles here already. Take one away that is not needed any more.",
        );
        check.done().map_err(AccessError::Invalid)?;
        let id = self.core.new_id(GrantId);
        let (scope_kind, scope_id) = role_grant::scope_columns(new.scope);
        let row = ActiveModel {
            id: Set(id),
            user_id: Set(new.user),
            role: Set(new.role),
            scope_kind: Set(scope_kind),
            scope_id: Set(scope_id),
            granted_by: Set(actor.stored_id()),
            reason: Set(why.clone()),
            created_at: Set(now),
            expires_at: Set(new.expires_at),
            revoked_at: Set(None),
        };
        row.insert(&*tx).await?;
        let event = Event::new(actor, EventKind::RoleGranted, id.0)
            .on(target)
            .after(json!({ "user": person.email, "role": new.role, "scope": new.scope, "expires_at": new.expires_at }))
            .reason(why);
        audit::record_in(&self.core, &tx, event).await?;
        sync_members_in(&self.core, &tx, new.scope).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes a role away; the row stays. Refused where nobody would be left who holds it for good: the last permanent
    /// owner of an organization, the last permanent staff of the installation, whoever asks. Of two at once, one finds
    /// nothing left to take away (`NotFound`).
    pub async fn revoke(&self, actor: &Actor, id: GrantId, reason: &str) -> Result<(), AccessError> {
        let why = check::reason("reason", reason, false).map_err(AccessError::Invalid)?;
        let now = self.core.now();
        let tx = self.core.write_tx().await?;
        let (held, scope, target) = held_for_change(&tx, actor, id, now).await?;
        refuse_last_permanent(&tx, &held, scope, now).await?;
        let revoked = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(Some(now)))
            .filter(Column::Id.eq(id))
            .filter(Column::RevokedAt.is_null())
            .exec(&*tx)
            .await?;
        if revoked.rows_affected == 0 {
            return Err(AccessError::NotFound);
        }
        let event = Event::new(actor, EventKind::RoleRevoked, id.0)
            .on(target)
            .before(json!({ "user_id": held.user_id, "role": held.role, "scope": scope }))
            .reason(why);
        audit::record_in(&self.core, &tx, event).await?;
        sync_members_in(&self.core, &tx, scope).await?;
        Ok(tx.commit().await?)
    }

    /// Who holds a role on exactly this scope, by name. Refused, as what does not exist, for who may not see the scope
    /// (`NotFound`).
    pub async fn members(&self, actor: &Actor, scope: Scope) -> Result<Vec<Member>, AccessError> {
        let target = target_of(self.core.read(), scope).await?;
        let sight = match scope {
            Scope::System => Permission::ViewAudit,
            Scope::Organization(_) => Permission::ViewOrganization,
            Scope::Project(_) => Permission::ViewProject,
            Scope::Provider(_) | Scope::Offering(_) => Permission::ViewOffering,
        };
        authorize(actor, sight, &target)?;
        let rows = Entity::find_on(scope, self.core.now())
            .find_also_related(user::Entity)
            .order_by_asc(user::Column::Name)
            .order_by_asc(Column::Id)
            .all(self.core.read())
            .await?;
        let givers = self
            .names(rows.iter().filter_map(|(grant, _)| grant.granted_by))
            .await?;
        let giver = |grant: &role_grant::Model| grant.granted_by.and_then(|by| givers.get(&by).cloned());
        Ok(rows
            .into_iter()
            .filter_map(|(grant, person)| Some(member(&grant, person?, scope, giver(&grant))))
            .collect())
    }

    async fn names(&self, ids: impl Iterator<Item = UserId>) -> Result<HashMap<UserId, String>, AccessError> {
        let people = user::Entity::find()
            .filter(user::Column::Id.is_in(ids.collect::<BTreeSet<_>>()))
            .all(self.core.read())
            .await?;
        Ok(people
            .into_iter()
            .map(|person| (person.id, person.name))
            .collect())
    }

    /// The role that this grant gives, to those who see the people there. [`AccessError::NotFound`] where the grant is
    /// over.
    pub async fn member(&self, actor: &Actor, id: GrantId) -> Result<Member, AccessError> {
        let held = Entity::find_in_force(self.core.now())
            .filter(Column::Id.eq(id))
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        let members = self.members(actor, held.scope()?).await?;
        members
            .into_iter()
            .find(|member| member.grant_id == id)
            .ok_or(AccessError::NotFound)
    }

    /// The person with this address, for somebody who manages people on `scope` and wants to add one. Refused for others;
    /// nobody active with the address is `NotFound`.
    pub async fn person_by_email(
        &self,
        actor: &Actor,
        scope: Scope,
        email: &str,
    ) -> Result<UserId, AccessError> {
        let target = target_of(self.core.read(), scope).await?;
        authorize(actor, Permission::ManageTeam, &target)?;
        let found = user::Entity::find_by_email(email).one(self.core.read()).await?;
        Ok(found
            .filter(|person| person.is_active)
            .ok_or(AccessError::NotFound)?
            .id)
    }
}

fn member(
    grant: &role_grant::Model,
    person: user::Model,
    scope: Scope,
    granted_by: Option<String>,
) -> Member {
    Member {
        grant_id: grant.id,
        user_id: person.id,
        name: person.name,
        email: person.email,
        username: person.username,
        role: grant.role,
        scope,
        since: grant.created_at,
        expires_at: grant.expires_at,
        granted_by,
        is_active: person.is_active,
    }
}

/// Each role belongs to one kind of scope.
fn fits(role: Role, scope: Scope) -> bool {
    match role {
        Role::OrganizationOwner | Role::OrganizationManager | Role::BillingReader => {
            matches!(scope, Scope::Organization(_))
        }
        Role::ProjectAdmin | Role::ProjectManager | Role::ProjectMember | Role::ProjectReader => {
            matches!(scope, Scope::Project(_))
        }
        Role::ProviderManager => matches!(scope, Scope::Provider(_)),
        Role::OfferingManager => matches!(scope, Scope::Offering(_)),
        Role::Staff | Role::Support => scope == Scope::System,
    }
}

/// A role in force that the actor may change, with where it is held. Refused: one that is over, was taken away or is not
/// there (`NotFound`), who may not manage people there (`Forbidden`), a role above one's own (`MoreThanOwn`).
pub(super) async fn held_for_change(
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: GrantId,
    now: DateTime<Utc>,
) -> Result<(role_grant::Model, Scope, Target), AccessError> {
    let found = Entity::find_in_force(now)
        .filter(Column::Id.eq(id))
        .one(tx)
        .await?;
    let held = found.ok_or(AccessError::NotFound)?;
    let scope = held.scope()?;
    let target = target_of(tx, scope).await?;
    authorize(actor, Permission::ManageTeam, &target)?;
    refuse_more_than_own(actor, held.role, &target)?;
    Ok((held, scope, target))
}

fn refuse_more_than_own(actor: &Actor, role: Role, target: &Target) -> Result<(), AccessError> {
    let holds = |permission: &Permission| {
        actor.granted(*permission, target)
            // Deciding without limit includes deciding up to one.
            || (*permission == Permission::ApproveOrderWithinLimit && actor.granted(Permission::ApproveOrder, target))
    };
    if role.permissions().iter().all(holds) {
        Ok(())
    } else {
        Err(AccessError::MoreThanOwn { role })
    }
}

/// Of an owner and of staff, somebody else must hold the same role on the same scope without an end, and be able to sign in.
pub(super) async fn refuse_last_permanent(
    tx: &DatabaseTransaction,
    held: &role_grant::Model,
    scope: Scope,
    now: DateTime<Utc>,
) -> Result<(), AccessError> {
    if !matches!(held.role, Role::OrganizationOwner | Role::Staff) {
        return Ok(());
    }
    // Of two who remove each other at once, the second waits for these rows and then finds nobody else.
    let same = Entity::find_on(scope, now)
        .filter(Column::Role.eq(held.role))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let others = same
        .iter()
        .filter(|grant| grant.id != held.id && grant.expires_at.is_none())
        .map(|grant| grant.user_id);
    let remaining = user::Entity::find()
        .filter(user::Column::Id.is_in(others))
        .filter(user::Column::IsActive.eq(true))
        .count(tx)
        .await?;
    match (remaining, held.role) {
        (0, Role::Staff) => Err(AccessError::LastStaff),
        (0, _) => Err(AccessError::LastOwner),
        _ => Ok(()),
    }
}

/// Where a scope lies: the path by which grants reach it.
/// Where a scope lives. Refused where it does not exist (`NotFound`).
pub(crate) async fn target_of<C: ConnectionTrait>(conn: &C, scope: Scope) -> Result<Target, AccessError> {
    Ok(match scope {
        Scope::System => Target::system(),
        Scope::Organization(id) => {
            organization::Entity::find_by_id(id)
                .one(conn)
                .await?
                .ok_or(AccessError::NotFound)?;
            Target {
                provider: Some(id),
                ..Target::organization(id)
            }
        }
        Scope::Provider(id) => {
            organization::Entity::find_by_id(id)
                .one(conn)
                .await?
                .ok_or(AccessError::NotFound)?;
            Target::provider(id)
        }
        Scope::Project(id) => {
            let found = project::Entity::find_by_id(id)
                .one(conn)
                .await?
                .ok_or(AccessError::NotFound)?;
            Target::project(found.organization_id, id)
        }
        Scope::Offering(id) => {
            let provider: Option<model::OrganizationId> = offering::Entity::find_by_id(id)
                .select_only()
                .column(offering::Column::ProviderId)
                .into_tuple()
                .one(conn)
                .await?;
            Target::offering(provider.ok_or(AccessError::NotFound)?, id)
        }
    })
}

/// Whoever may use a project's resources changed: tell the backends.
pub(super) async fn sync_members_in(
    core: &Core,
    tx: &DatabaseTransaction,
    scope: Scope,
) -> Result<(), AccessError> {
    let Scope::Project(id) = scope else { return Ok(()) };
    let live = resource::Entity::find()
        .filter(resource::Column::ProjectId.eq(id))
        // Also those that are being made: the sync runs after the creation, with which it shares its turn.
        .filter(resource::Column::State.ne(ResourceState::Terminated))
        .all(tx)
        .await?;
    for resource in live {
        let job = NewJob::now(&SyncMembers {
            resource_id: resource.id,
        })?;
        let job = job.on_backend(jobs::backend_key(resource.offering_id));
        jobs::enqueue_in(core, tx, job).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_fits_one_kind_of_scope() {
        let id = uuid::Uuid::nil();
        let scopes = [
            Scope::System,
            Scope::Organization(model::OrganizationId(id)),
            Scope::Project(model::ProjectId(id)),
            Scope::Provider(model::OrganizationId(id)),
            Scope::Offering(model::OfferingId(id)),
        ];
        for role in Role::ALL {
            assert_eq!(
                scopes.iter().filter(|scope| fits(*role, **scope)).count(),
                1,
                "{role}"
            );
        }
    }
}
