//! Who asks: a person with grants, a token with less, or the system itself; what they reach, and the one check before
//! every act. The rules of [`crate::access`] stand on this, and so does whatever notes who did something.

mod authorize;
mod error;
mod holders;
mod visible;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{deputy, role_grant, user};
use model::{OfferingId, OrganizationId, Permission, ProjectId, Role, Scope, TokenScope, UserId};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationTrait,
};
use uuid::Uuid;

pub use authorize::authorize;
pub(crate) use authorize::check_scope;
pub use error::AccessError;
pub(crate) use holders::{holders, holders_among, role_holders};
pub use visible::{Columns, Visible};

use crate::core::Core;

/// A role held on a scope, in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// What it is granted on.
    pub scope: Scope,
}

/// Who acts. Built once per request; changes of roles count from the next request on.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; nil for the system.
    pub user_id: UserId,
    /// Full name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// User name on backends.
    pub username: String,
    /// The zone in which times are shown.
    pub time_zone: Tz,
    /// Roles in force.
    pub grants: Vec<Grant>,
    /// Scopes of the token that is used; `None` in a browser session.
    pub token_scopes: Option<Vec<TokenScope>>,
    /// When the person last typed the password in this browser session; `None` where that is not known, and with a token.
    pub password_typed_at: Option<DateTime<Utc>>,
    /// Those who are away now and have named the person as their deputy: for decisions on orders, and nothing else.
    pub stands_in_for: Vec<Absent>,
}

/// Somebody who is away, with the roles that they hold.
#[derive(Debug, Clone)]
pub struct Absent {
    /// Who.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their roles in force.
    pub grants: Vec<Grant>,
    /// Their last day away, where they live.
    pub last_day: NaiveDate,
}

/// Where a thing lives: every scope that a grant may reach it through. Give all that are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Target {
    /// The buying organization, or the organization itself.
    pub organization: Option<OrganizationId>,
    /// The project.
    pub project: Option<ProjectId>,
    /// The selling organization.
    pub provider: Option<OrganizationId>,
    /// The offering.
    pub offering: Option<OfferingId>,
}

impl Target {
    /// The installation: reached by system grants only.
    pub fn system() -> Self {
        Self::default()
    }

    /// An organization.
    pub fn organization(id: OrganizationId) -> Self {
        Self {
            organization: Some(id),
            ..Self::default()
        }
    }

    /// A project of an organization.
    pub fn project(organization: OrganizationId, project: ProjectId) -> Self {
        Self {
            organization: Some(organization),
            project: Some(project),
            ..Self::default()
        }
    }

    /// An organization as a seller.
    pub fn provider(id: OrganizationId) -> Self {
        Self {
            provider: Some(id),
            ..Self::default()
        }
    }

    /// An offering of a provider.
    pub fn offering(provider: OrganizationId, offering: OfferingId) -> Self {
        Self {
            provider: Some(provider),
            offering: Some(offering),
            ..Self::default()
        }
    }

    /// This buyer's path together with the seller's: for orders, resources, invoices.
    #[must_use]
    pub fn sold_by(self, provider: OrganizationId, offering: Option<OfferingId>) -> Self {
        Self {
            provider: Some(provider),
            offering,
            ..self
        }
    }
}

/// Through which side of a sale a permission reaches its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Organization and project.
    Buyer,
    /// Provider and offering.
    Seller,
    /// Both: each sees its own.
    Both,
}

impl Reach {
    pub(crate) fn of(permission: Permission) -> Self {
        use Permission as P;
        match permission {
            P::ApproveAsProvider
            | P::ViewOffering
            | P::CreateOffering
            | P::EditOffering
            | P::ReportUsage
            | P::ManageResource
            | P::ManageBackend => Self::Seller,
            P::ViewInvoice
            | P::ManageInvoice
            | P::ViewAudit
            | P::ManageTeam
            | P::ManageApproval
            | P::ManageWebhook => Self::Both,
            P::ViewOrganization
            | P::EditOrganization
            | P::CreateProject
            | P::ViewProject
            | P::EditProject
            | P::PlaceOrder
            | P::CancelOrder
            | P::OperateResource
            | P::ApproveOrder
            | P::ApproveOrderWithinLimit
            | P::ManageJob => Self::Buyer,
        }
    }

    pub(crate) fn buyer(self) -> bool {
        self != Self::Seller
    }

    pub(crate) fn seller(self) -> bool {
        self != Self::Buyer
    }
}

impl Actor {
    /// The worker and the command line: may do everything, is written into the log as "Stoa".
    pub fn system() -> Self {
        Self {
            user_id: UserId(Uuid::nil()),
            name: "Stoa".into(),
            email: String::new(),
            username: String::new(),
            time_zone: Tz::UTC,
            grants: vec![Grant {
                role: Role::Staff,
                scope: Scope::System,
            }],
            token_scopes: None,
            password_typed_at: None,
            stands_in_for: Vec::new(),
        }
    }

    /// Somebody of whom nothing is known and who may do nothing: who tries to sign in.
    pub(crate) fn unknown() -> Self {
        Self {
            name: "Somebody who is not signed in".into(),
            grants: Vec::new(),
            ..Self::system()
        }
    }

    /// The person as the log names them, without any role.
    pub(crate) fn named(person: &user::Model) -> Self {
        Self {
            user_id: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
            username: person.username.clone(),
            ..Self::unknown()
        }
    }

    /// Those for whom the person decides on orders, each as an actor through the same token; nobody for whom they stand in. What
    /// they may by a role on the installation is no deputy's.
    pub(crate) fn absent_people(&self) -> Vec<Self> {
        let absent = self.stands_in_for.iter();
        absent
            .map(|absent| {
                let absent = Self {
                    user_id: absent.user_id,
                    name: absent.name.clone(),
                    grants: absent.grants.clone(),
                    stands_in_for: Vec::new(),
                    ..self.clone()
                };
                absent.without_installation()
            })
            .collect()
    }

    /// The same without roles on the installation.
    pub(crate) fn without_installation(&self) -> Self {
        let mut own = self.clone();
        own.grants.retain(|grant| grant.scope != Scope::System);
        own
    }

    /// Not a person.
    pub fn is_system(&self) -> bool {
        self.user_id.0.is_nil()
    }

    /// The person, as stored beside what was done; `None` for the system.
    pub fn stored_id(&self) -> Option<UserId> {
        (!self.is_system()).then_some(self.user_id)
    }

    /// Operates the installation.
    pub fn is_staff(&self) -> bool {
        self.holds(Role::Staff)
    }

    /// Reads everything.
    pub fn is_support(&self) -> bool {
        self.holds(Role::Support)
    }

    fn holds(&self, role: Role) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.role == role && grant.scope == Scope::System)
    }

    /// Whether a grant in force, within the token's scopes, allows `permission` on `target`.
    pub fn may(&self, permission: Permission, target: &Target) -> bool {
        self.token_allows(permission) && self.granted(permission, target)
    }

    /// Whether the token, if one is used, covers `permission` at all.
    pub fn token_allows(&self, permission: Permission) -> bool {
        self.has_scope(permission.token_scope())
    }

    /// Whether the token, if one is used, has this scope.
    pub(crate) fn has_scope(&self, scope: TokenScope) -> bool {
        let scopes = self.token_scopes.as_ref();
        scopes.is_none_or(|scopes| scopes.contains(&scope))
    }

    /// Whether a grant allows it, leaving the token aside.
    pub(crate) fn granted(&self, permission: Permission, target: &Target) -> bool {
        self.grants.iter().any(|grant| grant.allows(permission, target))
    }
}

impl Grant {
    /// Whether it allows `permission` on `target`.
    fn allows(&self, permission: Permission, target: &Target) -> bool {
        self.role.allows(permission) && self.reaches(permission, target)
    }

    fn reaches(&self, permission: Permission, target: &Target) -> bool {
        let reach = Reach::of(permission);
        match self.scope {
            Scope::System => true,
            Scope::Organization(id) => {
                (reach.buyer() && target.organization == Some(id))
                    || (reach.seller() && target.provider == Some(id))
            }
            Scope::Project(id) => reach.buyer() && target.project == Some(id),
            Scope::Provider(id) => reach.seller() && target.provider == Some(id),
            Scope::Offering(id) => reach.seller() && target.offering == Some(id),
        }
    }
}

/// A person's zone as it is stored. It was looked at when it was saved, so one that is not known is a fault of the database;
/// another one instead would show wrong times.
pub(crate) fn stored_zone(name: &str) -> Result<Tz, DbErr> {
    name.parse()
        .map_err(|_unknown| DbErr::Type(format!("users.time_zone: no zone is called {name:?}")))
}

/// The active person with the grants in force; absent and inactive people alike are not found.
pub(crate) async fn load(core: &Core, user_id: UserId) -> Result<Actor, AccessError> {
    let found = user::Entity::find_by_id(user_id).one(core.read()).await?;
    let person = found
        .filter(|person| person.is_active)
        .ok_or(AccessError::NotFound)?;
    of(core, person).await
}

/// `person` as an actor in a browser session.
pub(crate) async fn of(core: &Core, person: user::Model) -> Result<Actor, AccessError> {
    let held = held_by(core, person.id).await?;
    Ok(Actor {
        user_id: person.id,
        grants: held.own,
        stands_in_for: held.stands_in_for,
        name: person.name,
        email: person.email,
        username: person.username,
        time_zone: stored_zone(&person.time_zone)?,
        token_scopes: None,
        password_typed_at: None,
    })
}

/// The roles of a person, and of those for whom they stand in.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) own: Vec<Grant>,
    pub(crate) stands_in_for: Vec<Absent>,
}

/// The roles in force of a person and of those who are away now and have named them. One query, and one more where there
/// are such people.
pub(crate) async fn held_by(core: &Core, person: UserId) -> Result<Held, DbErr> {
    let now = core.now();
    let absent = deputy::Entity::find_in_force(now)
        .filter(deputy::Column::DeputyId.eq(person))
        .select_only()
        .column(deputy::Column::UserId);
    let people = Condition::any()
        .add(role_grant::Column::UserId.eq(person))
        .add(role_grant::Column::UserId.in_subquery(absent.into_query()));
    let rows = role_grant::Entity::find_in_force(now)
        .filter(people)
        .all(core.read())
        .await?;
    let mut grants: BTreeMap<UserId, Vec<Grant>> = BTreeMap::new();
    for row in rows {
        let grant = Grant {
            role: row.role,
            scope: row.scope()?,
        };
        grants.entry(row.user_id).or_default().push(grant);
    }
    let own = grants.remove(&person).unwrap_or_default();
    let stands_in_for = if grants.is_empty() {
        Vec::new()
    } else {
        absent_with(core, person, grants).await?
    };
    Ok(Held { own, stands_in_for })
}

async fn absent_with(
    core: &Core,
    deputy: UserId,
    mut grants: BTreeMap<UserId, Vec<Grant>>,
) -> Result<Vec<Absent>, DbErr> {
    let absent: Vec<(UserId, String, NaiveDate)> = deputy::Entity::find_in_force(core.now())
        .filter(deputy::Column::DeputyId.eq(deputy))
        .join(JoinType::InnerJoin, deputy::Relation::User.def())
        .filter(user::Column::IsActive.eq(true))
        .select_only()
        .column(deputy::Column::UserId)
        .column(user::Column::Name)
        .column(deputy::Column::LastDay)
        .order_by_asc(deputy::Column::UserId)
        .into_tuple()
        .all(core.read())
        .await?;
    let absent = absent.into_iter().map(|(user_id, name, last_day)| Absent {
        grants: grants.remove(&user_id).unwrap_or_default(),
        user_id,
        name,
        last_day,
    });
    Ok(absent.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_that_is_not_known_is_a_fault_and_not_another_zone() {
        assert_eq!(stored_zone("Europe/Tallinn").unwrap(), Tz::Europe__Tallinn);
        let fault = stored_zone("Mars/Olympus").unwrap_err().to_string();
        assert!(
            fault.contains("users.time_zone") && fault.contains("Mars/Olympus"),
            "{fault}"
        );
    }
}
