//! A resource: what an order created on a backend.

use model::{
    AccessDetail, OfferingId, OrderId, OrganizationId, PlanId, Progress, ProjectId, ResourceId, ResourceState,
};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

use crate::json::{self, Limits};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResourceId,
    pub name: String,
    /// Unique within the project; the name on backends.
    pub slug: String,
    /// Folded name and slug, for searching.
    pub search_text: String,
    pub state: ResourceState,
    pub project_id: ProjectId,
    /// The buyer; the project's organization, kept here so that lists need no join.
    pub organization_id: OrganizationId,
    pub offering_id: OfferingId,
    /// The seller; the offering's provider.
    pub provider_id: OrganizationId,
    pub plan_id: PlanId,
    /// The order that created it.
    pub order_id: OrderId,
    /// The backend's name for it; empty until it answers.
    pub backend_id: String,
    /// `[AccessDetail]`; read it with [`Model::access_details`].
    pub access: Json,
    /// Answers to the request form without secrets.
    pub attributes: Json,
    /// Encrypted JSON object of the secret answers and secret access details.
    pub secrets: Option<Vec<u8>>,
    /// Component code to decimal; read it with [`Model::limits_held`].
    pub limits: Json,
    /// What the buyer expects to use a month, component code to decimal; read it with [`Model::use_expected`].
    pub expected_use: Json,
    /// Last day; of a resource with terms, the last one of the last term.
    pub end_date: Option<Date>,
    /// Until when it is kept at least, as was said when its last day was over; none while it lasts.
    pub kept_until: Option<Date>,
    /// Days of grace that it had, unbilled, before it was extended.
    pub grace_used: i32,
    pub error: String,
    /// Code of the condition that it is in on its backend, as its plugin names them; empty: the one in which it was made.
    pub condition: String,
    /// A `Progress`; read it with [`Model::progress_made`].
    pub progress: Json,
    pub created_at: DateTimeUtc,
    pub activated_at: Option<DateTimeUtc>,
    pub terminated_at: Option<DateTimeUtc>,
    /// The backend's accounting was read up to here.
    pub usage_until: Option<DateTimeUtc>,
    /// Why accounting could not be read the last time; empty otherwise.
    pub usage_error: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::order::Entity",
        from = "Column::OrderId",
        to = "super::order::Column::Id"
    )]
    CreatedBy,
    #[sea_orm(
        belongs_to = "super::offering::Entity",
        from = "Column::OfferingId",
        to = "super::offering::Column::Id"
    )]
    Offering,
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::OrganizationId",
        to = "super::organization::Column::Id"
    )]
    Organization,
    #[sea_orm(
        belongs_to = "super::plan::Entity",
        from = "Column::PlanId",
        to = "super::plan::Column::Id"
    )]
    Plan,
    #[sea_orm(
        belongs_to = "super::project::Entity",
        from = "Column::ProjectId",
        to = "super::project::Column::Id"
    )]
    Project,
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::ProviderId",
        to = "super::organization::Column::Id"
    )]
    Provider,
    #[sea_orm(has_many = "super::resource_interval::Entity")]
    Intervals,
    #[sea_orm(has_many = "super::usage_day::Entity")]
    UsageDays,
    #[sea_orm(has_many = "super::usage_event::Entity")]
    UsageEvents,
}

impl Related<super::offering::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Offering.def()
    }
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organization.def()
    }
}

impl Related<super::plan::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plan.def()
    }
}

impl Related<super::project::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Project.def()
    }
}

impl Related<super::resource_interval::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Intervals.def()
    }
}

impl Related<super::usage_day::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UsageDays.def()
    }
}

impl Related<super::usage_event::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UsageEvents.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What the buyer expects to use a month.
    pub fn use_expected(&self) -> Result<Limits, DbErr> {
        json::read("resources.expected_use", &self.expected_use)
    }

    /// The limits it has now.
    pub fn limits_held(&self) -> Result<Limits, DbErr> {
        json::read("resources.limits", &self.limits)
    }

    /// How its users reach it.
    pub fn access_details(&self) -> Result<Vec<AccessDetail>, DbErr> {
        json::read("resources.access", &self.access)
    }

    /// How far the backend has come.
    pub fn progress_made(&self) -> Result<Progress, DbErr> {
        json::read("resources.progress", &self.progress)
    }
}

impl Entity {
    /// Resources of one project.
    pub fn find_in_project(project_id: ProjectId) -> Select<Self> {
        Self::find().filter(Column::ProjectId.eq(project_id))
    }

    /// Resources of one buying organization.
    pub fn find_in_organization(organization_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization_id))
    }

    /// Resources from one provider.
    pub fn find_of_provider(provider_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::ProviderId.eq(provider_id))
    }
}
