//! An order: what somebody asked for, at which price, and how far it has come.

use model::{
    Binding, Currency, Fixed, OfferingId, OrderId, OrderKind, OrderState, OrganizationId, PlanId, Progress,
    ProjectId, Quote, ResourceId, UserId,
};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

use crate::json::{self, Limits};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    pub kind: OrderKind,
    pub state: OrderState,
    pub project_id: ProjectId,
    /// The buyer; the project's organization, kept here so that lists need no join.
    pub organization_id: OrganizationId,
    pub offering_id: OfferingId,
    /// The seller; the offering's provider.
    pub provider_id: OrganizationId,
    pub plan_id: PlanId,
    /// Absent until a new resource is made. At most one open order per resource.
    pub resource_id: Option<ResourceId>,
    pub resource_name: String,
    /// Component code to decimal; read it with [`Model::limits_asked`].
    pub limits: Json,
    pub limits_before: Json,
    /// What the buyer expects to use a month, component code to decimal; read it with [`Model::use_expected`].
    pub expected_use: Json,
    /// Answers to the request form without secrets.
    pub attributes: Json,
    /// The questions that were answered as they were asked then, a `Schema`; absent where none was, for changes of a
    /// resource (which repeat the answers that it was ordered with), and in orders from before they were kept.
    pub request_form: Option<Json>,
    /// Encrypted JSON object of the secret answers.
    pub secrets: Option<Vec<u8>>,
    pub end_date: Option<Date>,
    /// In the buyer's zone; it waits for this day.
    pub start_date: Option<Date>,
    /// The term in months, where anything is paid up front.
    pub term_months: Option<i32>,
    /// The `Quote` that was shown when it was placed.
    pub quote: Option<Json>,
    /// The `Binding` to the versions that the quote used; read it with [`Model::bound`].
    pub binding: Option<Json>,
    /// Until then nothing that is published after the order changes what it costs.
    pub quote_valid_until: Option<DateTimeUtc>,
    pub monthly_cost: Fixed,
    pub first_invoice_cost: Fixed,
    /// What is agreed to, net: what approval is asked for.
    pub commitment: Fixed,
    /// The first day on which a price of the quote rises, by what was published when it was placed.
    pub higher_price_from: Option<Date>,
    pub currency: Currency,
    /// Version of the offering's terms that was accepted.
    pub accepted_terms: Option<i32>,
    /// Who placed it; none where the system did.
    pub requested_by: Option<UserId>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Since when it waits for a decision.
    pub waiting_since: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
    pub expires_at: Option<DateTimeUtc>,
    /// Why it failed; empty otherwise.
    pub error: String,
    /// A `Progress`; read it with [`Model::progress_made`].
    pub progress: Json,
    pub trace_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
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
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::RequestedBy",
        to = "super::user::Column::Id"
    )]
    RequestedBy,
    #[sea_orm(
        belongs_to = "super::resource::Entity",
        from = "Column::ResourceId",
        to = "super::resource::Column::Id"
    )]
    Resource,
    #[sea_orm(has_many = "super::order_decision::Entity")]
    Decisions,
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

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RequestedBy.def()
    }
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resource.def()
    }
}

impl Related<super::order_decision::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Decisions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The limits that were asked for.
    pub fn limits_asked(&self) -> Result<Limits, DbErr> {
        json::read("orders.limits", &self.limits)
    }

    /// The limits of the resource when the order was placed; empty for a new resource.
    pub fn limits_held(&self) -> Result<Limits, DbErr> {
        json::read("orders.limits_before", &self.limits_before)
    }

    /// What the buyer expects to use a month.
    pub fn use_expected(&self) -> Result<Limits, DbErr> {
        json::read("orders.expected_use", &self.expected_use)
    }

    /// The quote that was shown when it was placed.
    pub fn quoted(&self) -> Result<Option<Quote>, DbErr> {
        self.quote
            .as_ref()
            .map(|quote| json::read("orders.quote", quote))
            .transpose()
    }

    /// The versions of prices and terms that the quote used.
    pub fn bound(&self) -> Result<Binding, DbErr> {
        json::read_or_default("orders.binding", self.binding.as_ref())
    }

    /// How far the backend has come.
    pub fn progress_made(&self) -> Result<Progress, DbErr> {
        json::read("orders.progress", &self.progress)
    }
}

impl Entity {
    /// Orders of one project.
    pub fn find_in_project(project_id: ProjectId) -> Select<Self> {
        Self::find().filter(Column::ProjectId.eq(project_id))
    }

    /// Orders of one buying organization.
    pub fn find_in_organization(organization_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization_id))
    }

    /// Orders to one provider.
    pub fn find_of_provider(provider_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::ProviderId.eq(provider_id))
    }
}
