//! Lists of resources, within what the actor may see.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::resource::{Column, Entity};
use model::{
    OfferingId, OrganizationId, Page, PageRequest, Permission, ProjectId, ResourceId, ResourceState,
    ResourceSummary, SortOrder,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, Select};

use super::summary::{self, Row};
use super::{Provisioning, ProvisioningError, ResourceOperations};
use crate::access::{Actor, Columns, Visible};
use crate::{audit, page};

/// Which resources are wanted; an empty filter wants all that the actor may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceFilter {
    /// In this project.
    pub project: Option<ProjectId>,
    /// Of this buying organization.
    pub organization: Option<OrganizationId>,
    /// From this provider.
    pub provider: Option<OrganizationId>,
    /// Sold by this provider, as far as the actor sees it as one of the provider's people: through a role on the provider or
    /// on the offering. What they see as a buyer only is left out.
    pub sold_by: Option<OrganizationId>,
    /// Only those that the actor may report use of.
    pub reportable: bool,
    /// In one of these states; empty: in any.
    pub states: Vec<ResourceState>,
    /// Of this offering.
    pub offering: Option<OfferingId>,
    /// Part of the name.
    pub q: String,
    /// Changed at this instant or later, as the log has it.
    pub updated_since: Option<DateTime<Utc>>,
    /// In which order.
    pub sort: SortOrder,
}

impl ResourceOperations {
    /// The state of each of these resources; those that are not there are left out. One query, however many there are.
    pub async fn states_of_all(
        &self,
        ids: &[ResourceId],
    ) -> Result<HashMap<ResourceId, ResourceState>, ProvisioningError> {
        let rows: Vec<(ResourceId, ResourceState)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::State])
            .filter(Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(self.core.read())
            .await?;
        Ok(rows.into_iter().collect())
    }
}

impl Provisioning {
    /// Resources, newest first unless the filter says otherwise. One query, whatever the number of rows.
    pub async fn resources(
        &self,
        actor: &Actor,
        filter: &ResourceFilter,
        request: PageRequest,
    ) -> Result<Page<ResourceSummary>, ProvisioningError> {
        let query = narrowed(
            summary::select().filter(page::among::<Entity, _>(Column::Id, seen_by(actor))),
            actor,
            filter,
        );
        let page = page::by_age(query, Column::Id, &request, filter.sort)?;
        let rows = page.into_model::<Row>().all(self.core.read()).await?;
        Ok(page::cut(rows, &request, |row| vec![row.resource.id.to_string()]).map(|row| row.summary()))
    }
}

/// Rows that the actor may see from the buyer's side or from the provider's; empty where these are all.
fn seen_by(actor: &Actor) -> Condition {
    Visible::of_any(
        actor,
        &[Permission::ViewProject, Permission::ViewOffering],
        columns(),
    )
}

/// Rows on which the actor holds this permission.
fn holding(actor: &Actor, permission: Permission) -> Condition {
    Visible::of(actor, permission).filter(columns())
}

fn columns() -> Columns<Column> {
    Columns {
        organization: Some(Column::OrganizationId),
        project: Some(Column::ProjectId),
        provider: Some(Column::ProviderId),
        offering: Some(Column::OfferingId),
    }
}

fn narrowed(mut query: Select<Entity>, actor: &Actor, filter: &ResourceFilter) -> Select<Entity> {
    if let Some(project) = filter.project {
        query = query.filter(Column::ProjectId.eq(project));
    }
    if let Some(organization) = filter.organization {
        query = query.filter(Column::OrganizationId.eq(organization));
    }
    if let Some(provider) = filter.provider {
        query = query.filter(Column::ProviderId.eq(provider));
    }
    if let Some(provider) = filter.sold_by {
        query = query
            .filter(Column::ProviderId.eq(provider))
            .filter(holding(actor, Permission::ViewOffering));
    }
    if filter.reportable {
        query = query.filter(holding(actor, Permission::ReportUsage));
    }
    if let Some(offering) = filter.offering {
        query = query.filter(Column::OfferingId.eq(offering));
    }
    if let Some(instant) = filter.updated_since {
        query = query.filter(audit::changed_since("resource", Column::Id, instant));
    }
    if !filter.states.is_empty() {
        query = query.filter(Column::State.is_in(filter.states.iter().copied()));
    }
    if let Some(text) = page::needle(&filter.q) {
        query = query.filter(page::contains(Column::SearchText, &text));
    }
    query
}
