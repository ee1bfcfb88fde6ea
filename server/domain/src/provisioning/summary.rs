//! Resources with the names around them, read in one query.

use entity::organization::StoredZones;
use entity::{category, offering, organization, plan, project, resource};
use model::{Currency, ResourceSummary};
use sea_orm::sea_query::{Alias, Expr, IntoIden};
use sea_orm::{EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationTrait, Select};

/// A resource and the names of everything it belongs to.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    #[sea_orm(nested)]
    pub(super) resource: resource::Model,
    pub(super) offering_name: String,
    pub(super) offering_revision: i32,
    pub(super) plugin: String,
    pub(super) category_name: Option<String>,
    pub(super) plan_name: String,
    pub(super) currency: Currency,
    pub(super) project_name: String,
    pub(super) organization_name: String,
    pub(super) organization_zones: StoredZones,
    pub(super) provider_name: String,
}

/// Selects [`Row`]s; filter and order as wished.
pub(super) fn select() -> Select<resource::Entity> {
    let provider = Alias::new("provider").into_iden();
    resource::Entity::find()
        .join(JoinType::InnerJoin, resource::Relation::Offering.def())
        .join(JoinType::LeftJoin, offering::Relation::Category.def())
        .join(JoinType::InnerJoin, resource::Relation::Plan.def())
        .join(JoinType::InnerJoin, resource::Relation::Project.def())
        .join(JoinType::InnerJoin, resource::Relation::Organization.def())
        .join_as(
            JoinType::InnerJoin,
            resource::Relation::Provider.def(),
            provider.clone(),
        )
        .column_as(offering::Column::Name, "offering_name")
        .column_as(offering::Column::Revision, "offering_revision")
        .column_as(offering::Column::Plugin, "plugin")
        .column_as(category::Column::Name, "category_name")
        .column_as(plan::Column::Name, "plan_name")
        .column_as(plan::Column::Currency, "currency")
        .column_as(project::Column::Name, "project_name")
        .column_as(organization::Column::Name, "organization_name")
        .column_as(organization::Column::Zones, "organization_zones")
        .column_as(Expr::col((provider, organization::Column::Name)), "provider_name")
}

impl Row {
    /// As lists show it.
    pub(super) fn summary(&self) -> ResourceSummary {
        let resource = &self.resource;
        ResourceSummary {
            id: resource.id,
            name: resource.name.clone(),
            state: resource.state,
            offering_id: resource.offering_id,
            offering_name: self.offering_name.clone(),
            category_name: self.category_name.clone().unwrap_or_default(),
            plan_name: self.plan_name.clone(),
            project_id: resource.project_id,
            project_name: self.project_name.clone(),
            organization_id: resource.organization_id,
            organization_name: self.organization_name.clone(),
            provider_id: resource.provider_id,
            provider_name: self.provider_name.clone(),
            created_at: resource.created_at,
        }
    }
}
