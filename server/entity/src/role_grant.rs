//! One grant of a role to a user on a scope. Never deleted: taking a role away sets `revoked_at`.

use model::{GrantId, OfferingId, OrganizationId, ProjectId, Role, Scope, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    pub user_id: UserId,
    pub role: Role,
    pub scope_kind: ScopeKind,
    /// Absent exactly when the scope is the system.
    pub scope_id: Option<Uuid>,
    /// Absent when Stoa itself granted it.
    pub granted_by: Option<UserId>,
    pub reason: String,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id"
    )]
    User,
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::GrantedBy",
        to = "super::user::Column::Id"
    )]
    GrantedBy,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// The kind half of a stored [`Scope`].
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ScopeKind {
    #[sea_orm(string_value = "system")]
    System,
    #[sea_orm(string_value = "organization")]
    Organization,
    #[sea_orm(string_value = "project")]
    Project,
    #[sea_orm(string_value = "provider")]
    Provider,
    #[sea_orm(string_value = "offering")]
    Offering,
}

/// A scope as its two columns.
pub fn scope_columns(scope: Scope) -> (ScopeKind, Option<Uuid>) {
    match scope {
        Scope::System => (ScopeKind::System, None),
        Scope::Organization(id) => (ScopeKind::Organization, Some(id.0)),
        Scope::Project(id) => (ScopeKind::Project, Some(id.0)),
        Scope::Provider(id) => (ScopeKind::Provider, Some(id.0)),
        Scope::Offering(id) => (ScopeKind::Offering, Some(id.0)),
    }
}

/// The grant counts at `now`: neither revoked nor run out.
pub fn in_force(now: DateTimeUtc) -> Condition {
    Condition::all().add(Column::RevokedAt.is_null()).add(
        Condition::any()
            .add(Column::ExpiresAt.is_null())
            .add(Column::ExpiresAt.gt(now)),
    )
}

/// A scope from its two columns; `None` where they do not fit.
pub fn scope_from(kind: ScopeKind, id: Option<Uuid>) -> Option<Scope> {
    Some(match (kind, id) {
        (ScopeKind::System, _) => Scope::System,
        (ScopeKind::Organization, Some(id)) => Scope::Organization(OrganizationId(id)),
        (ScopeKind::Project, Some(id)) => Scope::Project(ProjectId(id)),
        (ScopeKind::Provider, Some(id)) => Scope::Provider(OrganizationId(id)),
        (ScopeKind::Offering, Some(id)) => Scope::Offering(OfferingId(id)),
        (_, None) => return None,
    })
}

impl Model {
    /// What the role is granted on.
    pub fn scope(&self) -> Result<Scope, DbErr> {
        scope_from(self.scope_kind, self.scope_id)
            .ok_or_else(|| DbErr::Type(format!("role grant {} has no scope id", self.id)))
    }
}

impl Entity {
    /// Grants that count at `now`: neither revoked nor run out.
    pub fn find_in_force(now: DateTimeUtc) -> Select<Self> {
        Self::find().filter(in_force(now))
    }

    /// Grants of one user that count at `now`.
    pub fn find_of_user(user_id: UserId, now: DateTimeUtc) -> Select<Self> {
        Self::find_in_force(now).filter(Column::UserId.eq(user_id))
    }

    /// Grants on exactly this scope that count at `now`.
    pub fn find_on(scope: Scope, now: DateTimeUtc) -> Select<Self> {
        let (kind, id) = scope_columns(scope);
        let on_kind = Self::find_in_force(now).filter(Column::ScopeKind.eq(kind));
        match id {
            Some(id) => on_kind.filter(Column::ScopeId.eq(id)),
            None => on_kind,
        }
    }
}
