//! Who works in a project, for backends.

use std::collections::{BTreeMap, BTreeSet};

use entity::role_grant::ScopeKind;
use entity::{role_grant, user};
use model::{ProjectId, Role, Scope};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter, QueryOrder};

/// The roles that come with the use of a project's resources. Readers look; owners of the organization pay.
const WORKING: [Role; 3] = [Role::ProjectAdmin, Role::ProjectManager, Role::ProjectMember];

/// User names of the people who may use the resources of each of these projects; projects without anybody are left out.
pub(crate) async fn usernames_in_all<C: ConnectionTrait>(
    conn: &C,
    ids: impl IntoIterator<Item = ProjectId>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<BTreeMap<ProjectId, BTreeSet<String>>, DbErr> {
    let rows = role_grant::Entity::find_in_force(now)
        .filter(role_grant::Column::ScopeKind.eq(ScopeKind::Project))
        .filter(role_grant::Column::ScopeId.is_in(ids.into_iter().map(|id| id.0)))
        .filter(role_grant::Column::Role.is_in(WORKING))
        .find_also_related(user::Entity)
        .filter(user::Column::IsActive.eq(true))
        .all(conn)
        .await?;
    let mut names: BTreeMap<ProjectId, BTreeSet<String>> = BTreeMap::new();
    for (grant, person) in rows {
        if let (Some(project), Some(person)) = (grant.scope_id, person) {
            names
                .entry(ProjectId(project))
                .or_default()
                .insert(person.username);
        }
    }
    Ok(names)
}

/// User names of the people who may use the project's resources, sorted.
pub(crate) async fn usernames_in<C: ConnectionTrait>(
    conn: &C,
    id: ProjectId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<String>, DbErr> {
    let rows = role_grant::Entity::find_on(Scope::Project(id), now)
        .filter(role_grant::Column::Role.is_in(WORKING))
        .find_also_related(user::Entity)
        .filter(user::Column::IsActive.eq(true))
        .order_by_asc(user::Column::Username)
        .all(conn)
        .await?;
    let mut names: Vec<String> = rows
        .into_iter()
        .filter_map(|(_, person)| Some(person?.username))
        .collect();
    names.dedup();
    Ok(names)
}
