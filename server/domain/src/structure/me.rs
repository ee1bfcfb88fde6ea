//! What the frame of every page shows of the person who is signed in. It lives here because it reads organizations and
//! projects, which `access` must not know.

use entity::{organization, project};
use model::{Me, OrganizationId, ProjectId, Scope};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{organizations, projects};
use crate::access::{Accounts, AccountsError, Actor};

/// More projects than these are found by search, not in a menu.
const MOST: u64 = 100;

impl Accounts {
    /// The actor with organizations and projects, in four queries. `approvals_waiting` is zero here: the count belongs
    /// to ordering, see [`crate::Domain::me`].
    pub async fn me(&self, actor: &Actor) -> Result<Me, AccountsError> {
        let conn = self.core.read();
        let organizations = organization::Entity::find()
            .filter(held_by(actor))
            .order_by_asc(organization::Column::Name)
            .limit(MOST)
            .all(conn)
            .await?;
        let ids = organizations.iter().map(|row| row.id);
        let counts = organizations::project_counts(conn, ids).await?;
        let mine = project::Entity::find()
            .filter(projects::seen_by(actor))
            .find_both_related(organization::Entity)
            .order_by_asc(project::Column::Name)
            .limit(MOST)
            .all(conn)
            .await?;
        let resources = projects::resource_counts(conn, mine.iter().map(|(row, _)| row.id)).await?;
        Ok(Me {
            id: actor.user_id,
            name: actor.name.clone(),
            email: actor.email.clone(),
            username: actor.username.clone(),
            time_zone: actor.time_zone.name().to_owned(),
            is_staff: actor.is_staff(),
            is_support: actor.is_support(),
            organizations: organizations
                .into_iter()
                .map(|row| organizations::summary(actor, row, &counts))
                .collect(),
            projects: mine
                .into_iter()
                .map(|(row, owner)| projects::summary(row, owner, &resources, self.core.now()))
                .collect(),
            approvals_waiting: 0,
        })
    }
}

/// Organizations in which the actor has a role of their own: on it, on a project of it, or as a provider.
fn held_by(actor: &Actor) -> Condition {
    let mut organizations: Vec<OrganizationId> = Vec::new();
    let mut projects: Vec<ProjectId> = Vec::new();
    for grant in &actor.grants {
        match grant.scope {
            Scope::Organization(id) | Scope::Provider(id) => organizations.push(id),
            Scope::Project(id) => projects.push(id),
            Scope::System | Scope::Offering(_) => {}
        }
    }
    Condition::any()
        .add(organization::Column::Id.is_in(organizations))
        .add(organizations::of_projects(&projects))
}
