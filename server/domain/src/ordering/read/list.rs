//! Lists of orders, within what the actor may see.

use chrono::{DateTime, Utc};
use entity::order::{Column, Entity};
use model::{
    OrderState, OrderSummary, OrganizationId, Page, PageRequest, Permission, ProjectId, ResourceId, SortOrder,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};

use super::queue::waits_for;
use super::summary::{self, Row, columns};
use crate::access::{Actor, Visible};
use crate::ordering::{Ordering, OrderingError};
use crate::page;

/// Which orders are wanted; an empty filter wants all that the actor may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// In one of these states; empty: in any.
    pub states: Vec<OrderState>,
    /// In this project.
    pub project: Option<ProjectId>,
    /// Of this buying organization.
    pub organization: Option<OrganizationId>,
    /// To this provider.
    pub provider: Option<OrganizationId>,
    /// Sold by this provider, as far as the actor sees it as one of the provider's people: through a role on the provider or
    /// on the offering. What they see as a buyer only is left out.
    pub sold_by: Option<OrganizationId>,
    /// For this resource.
    pub resource: Option<ResourceId>,
    /// Placed by the actor.
    pub mine: bool,
    /// Waiting for the actor: for a decision or for work by hand.
    pub awaits_actor: bool,
    /// Changed at this instant or later.
    pub updated_since: Option<DateTime<Utc>>,
    /// In which order.
    pub sort: SortOrder,
}

impl Ordering {
    /// Orders, newest first unless the filter says otherwise. One query, whatever the number of rows.
    pub async fn orders(
        &self,
        actor: &Actor,
        filter: &OrderFilter,
        request: PageRequest,
    ) -> Result<Page<OrderSummary>, OrderingError> {
        let query = narrowed(
            summary::select(Some(actor)).filter(page::among::<Entity, _>(Column::Id, seen_by(actor))),
            actor,
            filter,
        );
        let page = page::by_age(query, Column::Id, &request, filter.sort)?;
        let rows = page.into_model::<Row>().all(self.core.read()).await?;
        Ok(page::cut(rows, &request, |row| vec![row.id.to_string()]).map(|row| row.summary(actor)))
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

fn narrowed(mut query: Select<Entity>, actor: &Actor, filter: &OrderFilter) -> Select<Entity> {
    if !filter.states.is_empty() {
        query = query.filter(Column::State.is_in(filter.states.iter().copied()));
    }
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
            .filter(Visible::of(actor, Permission::ViewOffering).filter(columns()));
    }
    if let Some(resource) = filter.resource {
        query = query.filter(Column::ResourceId.eq(resource));
    }
    if let Some(instant) = filter.updated_since {
        query = query.filter(Column::UpdatedAt.gte(instant));
    }
    if filter.awaits_actor {
        query = query.filter(waits_for(actor));
    }
    if filter.mine {
        query = query.filter(Column::RequestedBy.eq(actor.user_id));
    }
    query
}
