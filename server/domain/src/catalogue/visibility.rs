//! Which offerings an actor sees.

use entity::offering::{Column, Entity, Model};
use entity::{offering_audience, project};
use model::{OfferingState, OrganizationId, Permission, ProjectId, Scope, Visibility};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

use crate::access::{Actor, Columns, Target, Visible};

/// Published offerings that `actor` (nobody: a visitor) sees as a buyer.
pub(super) fn published_for(actor: Option<&Actor>) -> Condition {
    // "Not in" and "not private" say the same as "active or paused" and "shared", but keep the planner from collecting
    // thousands of rows by index and sorting them, where walking the names in order finds a page at once.
    let public = Column::State.is_not_in([OfferingState::Draft, OfferingState::Archived]);
    let mut seen = Condition::any().add(Column::Visibility.ne(Visibility::Private));
    let Some(actor) = actor else {
        return Condition::all().add(public).add(seen);
    };
    let provides = Visible::of(actor, Permission::ViewOffering);
    if provides == Visible::All {
        return Condition::all().add(public);
    }
    if !provides.is_nothing() {
        seen = seen.add(provides.filter(Columns {
            provider: Some(Column::ProviderId),
            offering: Some(Column::Id),
            ..Columns::default()
        }));
    }
    if let Some(named) = audience_of(actor) {
        seen = seen.add(Column::Id.in_subquery(named));
    }
    Condition::all().add(public).add(seen)
}

/// Ids of offerings that name one of the actor's organizations; `None` where the actor belongs to none.
fn audience_of(actor: &Actor) -> Option<SelectStatement> {
    let (organizations, projects) = belongs_to(actor);
    if organizations.is_empty() && projects.is_empty() {
        return None;
    }
    let mut of_projects = Query::select();
    of_projects
        .column(project::Column::OrganizationId)
        .from(project::Entity)
        .cond_where(project::Column::Id.is_in(projects));
    let one_of_mine = Condition::any()
        .add(offering_audience::Column::OrganizationId.is_in(organizations))
        .add(offering_audience::Column::OrganizationId.in_subquery(of_projects));
    let mut named = Query::select();
    named
        .column(offering_audience::Column::OfferingId)
        .from(offering_audience::Entity)
        .cond_where(one_of_mine);
    Some(named)
}

fn belongs_to(actor: &Actor) -> (Vec<OrganizationId>, Vec<ProjectId>) {
    let mut organizations = Vec::new();
    let mut projects = Vec::new();
    for grant in &actor.grants {
        match grant.scope {
            Scope::Organization(id) => organizations.push(id),
            Scope::Project(id) => projects.push(id),
            Scope::System | Scope::Provider(_) | Scope::Offering(_) => {}
        }
    }
    (organizations, projects)
}

/// Whether `actor` sees this offering: as its provider in any state, as a buyer when it is published for them. At most
/// one query.
pub(crate) async fn may_see<C: ConnectionTrait>(
    conn: &C,
    actor: Option<&Actor>,
    row: &Model,
) -> Result<bool, DbErr> {
    let target = Target::offering(row.provider_id, row.id);
    if actor.is_some_and(|actor| actor.may(Permission::ViewOffering, &target)) {
        return Ok(true);
    }
    match (row.state.is_public(), row.visibility) {
        (false, _) => Ok(false),
        (true, Visibility::Shared) => Ok(true),
        (true, Visibility::Private) if actor.is_none() => Ok(false),
        (true, Visibility::Private) => {
            let seen = Entity::find_by_id(row.id)
                .filter(published_for(actor))
                .count(conn)
                .await?;
            Ok(seen > 0)
        }
    }
}
