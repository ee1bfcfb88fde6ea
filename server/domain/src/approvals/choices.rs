//! What rules of a place can name.

use entity::{category, offering, offering_audience, organization, project};
use model::{
    ApprovalRule, CategoryId, Currency, MOST_CHOICES, OfferingId, OfferingState, OrganizationId, Permission,
    ProjectId, RuleChoices, Scope, Visibility,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

use super::place::place_of;
use super::{ApprovalError, Approvals};
use crate::access::{Actor, Target, authorize};

impl Approvals {
    /// What rules of a scope can name, with what `rule` names already though it may be gone, and the projects for which an order
    /// can be tried. For who may change the rules there; everybody else is refused as by [`Approvals::create`].
    pub async fn choices(
        &self,
        actor: &Actor,
        scope: Scope,
        rule: Option<&ApprovalRule>,
    ) -> Result<RuleChoices, ApprovalError> {
        let conn = self.core.read();
        let target = place_of(conn, scope).await?;
        authorize(actor, Permission::ManageApproval, &target)?;
        let mut offerings: Vec<(OfferingId, String)> = offerings_of(conn, scope)
            .await?
            .select_only()
            .columns([offering::Column::Id, offering::Column::Name])
            .order_by_asc(offering::Column::Name)
            .limit(MOST_CHOICES)
            .into_tuple()
            .all(conn)
            .await?;
        let mut categories: Vec<(CategoryId, String)> = category::Entity::find()
            .select_only()
            .columns([category::Column::Id, category::Column::Name])
            .order_by_asc(category::Column::Name)
            .limit(MOST_CHOICES)
            .into_tuple()
            .all(conn)
            .await?;
        if let Some(rule) = rule {
            let named = rule.when.offerings.iter().copied();
            let named: Vec<OfferingId> = named
                .filter(|id| !offerings.iter().any(|(one, _)| one == id))
                .collect();
            let found = offering::Entity::find().filter(offering::Column::Id.is_in(named));
            let found = found
                .select_only()
                .columns([offering::Column::Id, offering::Column::Name]);
            offerings.extend(found.into_tuple::<(OfferingId, String)>().all(conn).await?);
            let named = rule.when.categories.iter().copied();
            let named: Vec<CategoryId> = named
                .filter(|id| !categories.iter().any(|(one, _)| one == id))
                .collect();
            let found = category::Entity::find().filter(category::Column::Id.is_in(named));
            let found = found
                .select_only()
                .columns([category::Column::Id, category::Column::Name]);
            categories.extend(found.into_tuple::<(CategoryId, String)>().all(conn).await?);
        }
        Ok(RuleChoices {
            offerings,
            categories,
            projects: projects_of(conn, scope).await?,
            currency: currency_of(conn, target).await?,
        })
    }
}

/// Offerings that orders which the rules of a scope read can be for.
pub(super) async fn offerings_of(
    conn: &impl ConnectionTrait,
    scope: Scope,
) -> Result<Select<offering::Entity>, DbErr> {
    let all = offering::Entity::find();
    let buyer = match scope {
        Scope::System => return Ok(all),
        Scope::Provider(provider) => return Ok(all.filter(offering::Column::ProviderId.eq(provider))),
        Scope::Offering(id) => return Ok(all.filter(offering::Column::Id.eq(id))),
        Scope::Organization(id) => Some(id),
        Scope::Project(id) => organization_of(conn, id).await?,
    };
    let shown = offering_audience::Entity::find()
        .filter(offering_audience::Column::OrganizationId.eq(buyer))
        .select_only()
        .column(offering_audience::Column::OfferingId);
    let public = OfferingState::ALL
        .iter()
        .copied()
        .filter(|state| state.is_public());
    Ok(all.filter(offering::Column::State.is_in(public)).filter(
        Condition::any()
            .add(offering::Column::Visibility.eq(Visibility::Shared))
            .add(offering::Column::Id.in_subquery(shown.into_query())),
    ))
}

async fn organization_of(
    conn: &impl ConnectionTrait,
    project: ProjectId,
) -> Result<Option<OrganizationId>, DbErr> {
    let found = project::Entity::find_by_id(project).one(conn).await?;
    Ok(found.map(|row| row.organization_id))
}

/// The projects whose orders the rules of a scope read; none for a provider, who does not choose among its buyers' projects.
async fn projects_of(conn: &impl ConnectionTrait, scope: Scope) -> Result<Vec<(ProjectId, String)>, DbErr> {
    let all = project::Entity::find();
    let wanted = match scope {
        Scope::System => all,
        Scope::Organization(id) => all.filter(project::Column::OrganizationId.eq(id)),
        Scope::Project(id) => all.filter(project::Column::Id.eq(id)),
        Scope::Provider(_) | Scope::Offering(_) => return Ok(Vec::new()),
    };
    wanted
        .select_only()
        .columns([project::Column::Id, project::Column::Name])
        .order_by_asc(project::Column::Name)
        .limit(MOST_CHOICES)
        .into_tuple()
        .all(conn)
        .await
}

/// The currency of the organization that the rules are of; of the installation, the euro.
async fn currency_of(conn: &impl ConnectionTrait, target: Target) -> Result<Currency, DbErr> {
    let Some(id) = target.organization.or(target.provider) else {
        return Ok(Currency::Eur);
    };
    let found = organization::Entity::find_by_id(id).one(conn).await?;
    Ok(found.map_or(Currency::Eur, |row| row.currency))
}
