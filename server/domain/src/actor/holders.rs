//! Who holds a permission where something lies: the other way round from [`super::authorize`].

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::role_grant::{self, Column, ScopeKind};
use entity::user;
use model::{Permission, Role, Scope, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

use super::{Grant, Target};

/// Active people who hold one of `permissions` on `target` now. A role on the installation counts only for the installation
/// itself: its staff are not everybody's colleagues. One query.
pub(crate) async fn holders(
    conn: &impl ConnectionTrait,
    permissions: &[Permission],
    target: &Target,
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    let there = if *target == Target::system() {
        Condition::all().add(Column::ScopeKind.eq(ScopeKind::System))
    } else {
        around(target)
    };
    find(conn, permissions, target, now, there).await
}

/// Active people who hold one of `roles` now on a scope that `there` says is one of those that `target` lies in. One query.
pub(crate) async fn role_holders(
    conn: &impl ConnectionTrait,
    roles: &[Role],
    (target, there): (&Target, impl Fn(Scope) -> bool),
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    let places = around(target).add(Column::ScopeKind.eq(ScopeKind::System));
    let rows = role_grant::Entity::find_in_force(now)
        .join(JoinType::InnerJoin, role_grant::Relation::User.def())
        .filter(user::Column::IsActive.eq(true))
        .filter(Column::Role.is_in(roles.iter().copied()))
        .filter(places)
        .all(conn)
        .await?;
    let mut found = BTreeSet::new();
    for row in rows {
        if there(row.scope()?) {
            found.insert(row.user_id);
        }
    }
    Ok(found)
}

/// Those of `people` who are active and hold one of `permissions` on `target` now; roles on the installation count. One query.
pub(crate) async fn holders_among(
    conn: &impl ConnectionTrait,
    people: Vec<UserId>,
    permissions: &[Permission],
    target: &Target,
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    if people.is_empty() {
        return Ok(BTreeSet::new());
    }
    let theirs = Condition::all().add(Column::UserId.is_in(people));
    find(conn, permissions, target, now, theirs).await
}

async fn find(
    conn: &impl ConnectionTrait,
    permissions: &[Permission],
    target: &Target,
    now: DateTime<Utc>,
    among: Condition,
) -> Result<BTreeSet<UserId>, DbErr> {
    let rows = role_grant::Entity::find_in_force(now)
        .join(JoinType::InnerJoin, role_grant::Relation::User.def())
        .filter(user::Column::IsActive.eq(true))
        .filter(among)
        .all(conn)
        .await?;
    let mut found = BTreeSet::new();
    for row in rows {
        let grant = Grant {
            role: row.role,
            scope: row.scope()?,
        };
        if permissions
            .iter()
            .any(|permission| grant.allows(*permission, target))
        {
            found.insert(row.user_id);
        }
    }
    Ok(found)
}

/// Roles on any of the places that a target lies in.
fn around(target: &Target) -> Condition {
    let places = [
        target.organization.map(Scope::Organization),
        target.project.map(Scope::Project),
        // An organization's own roles reach what it sells.
        target.provider.map(Scope::Organization),
        target.provider.map(Scope::Provider),
        target.offering.map(Scope::Offering),
    ];
    places.into_iter().flatten().fold(Condition::any(), |any, scope| {
        let (kind, id) = role_grant::scope_columns(scope);
        any.add(
            Condition::all()
                .add(Column::ScopeKind.eq(kind))
                .add(Column::ScopeId.eq(id)),
        )
    })
}
