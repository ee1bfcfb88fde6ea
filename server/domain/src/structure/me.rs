//! What the frame of every page shows of the person who is signed in. It lives here because it reads organizations and
//! projects, which `access` must not know.

use entity::{offering, organization, project};
use model::{Me, OfferingId, OrganizationId, Permission, ProjectId, Scope};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{organizations, projects};
use crate::access::{Accounts, AccountsError, Actor};

/// More projects than these are found by search, not in a menu.
const MOST: u64 = 100;

impl Accounts {
    /// The actor with organizations, providers and projects, in four queries; one more for who works for a provider.
    /// `approvals_waiting` and `notices_unread` are zero here: the counts belong elsewhere, see [`crate::Domain::me`].
    pub async fn me(&self, actor: &Actor) -> Result<Me, AccountsError> {
        let conn = self.core.read();
        let organizations = organization::Entity::find()
            .filter(held_by(actor))
            .order_by_asc(organization::Column::Name)
            .limit(MOST)
            .all(conn)
            .await?;
        let providers = served_by(conn, actor).await?;
        let ids = organizations.iter().chain(&providers).map(|row| row.id);
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
            providers: providers
                .into_iter()
                .map(|row| organizations::summary(actor, row, &counts))
                .collect(),
            projects: mine
                .into_iter()
                .map(|(row, owner)| projects::summary(row, owner, &resources, self.core.now()))
                .collect(),
            approvals_waiting: 0,
            notices_unread: 0,
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

/// The providers that the actor works for: through a role on them, or on one of their offerings.
async fn served_by(conn: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<organization::Model>, DbErr> {
    let mut sellers: Vec<OrganizationId> = Vec::new();
    let mut offerings: Vec<OfferingId> = Vec::new();
    let works = |role: model::Role| role.allows(Permission::ViewOffering);
    for grant in actor.grants.iter().filter(|grant| works(grant.role)) {
        match grant.scope {
            Scope::Organization(id) | Scope::Provider(id) => sellers.push(id),
            Scope::Offering(id) => offerings.push(id),
            // Who operates the portal reaches every provider, and finds them in a list of their own.
            Scope::System | Scope::Project(_) => {}
        }
    }
    if sellers.is_empty() && offerings.is_empty() {
        return Ok(Vec::new());
    }
    let mut of_offerings = Query::select();
    of_offerings
        .column(offering::Column::ProviderId)
        .from(offering::Entity)
        .cond_where(offering::Column::Id.is_in(offerings));
    let id = organization::Column::Id;
    organization::Entity::find()
        .filter(organization::Column::IsProvider.eq(true))
        .filter(
            Condition::any()
                .add(id.is_in(sellers))
                .add(id.in_subquery(of_offerings)),
        )
        .order_by_asc(organization::Column::Name)
        .limit(MOST)
        .all(conn)
        .await
}
