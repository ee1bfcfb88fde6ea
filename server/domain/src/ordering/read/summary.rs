//! Orders with the names around them, read in one query without the heavy columns.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{offering, order, organization, plan, project, resource, user};
use model::{
    Currency, Fixed, Money, OfferingId, OrderId, OrderKind, OrderState, OrderSummary, OrganizationId,
    Permission, ProjectId, ResourceId, ResourceState, UserId,
};
use sea_orm::sea_query::{Alias, Expr, IntoIden};
use sea_orm::{EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationTrait, Select};

use crate::access::{Actor, Columns, Target};
use crate::approvals::{Asks, decidable_by};

/// The columns that say where an order lives.
pub(super) fn columns() -> Columns<order::Column> {
    Columns {
        organization: Some(order::Column::OrganizationId),
        project: Some(order::Column::ProjectId),
        provider: Some(order::Column::ProviderId),
        offering: Some(order::Column::OfferingId),
    }
}

/// An order and the names of everything it belongs to.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    pub(in crate::ordering) id: OrderId,
    pub(in crate::ordering) kind: OrderKind,
    pub(in crate::ordering) state: OrderState,
    pub(in crate::ordering) resource_name: String,
    pub(in crate::ordering) resource_id: Option<ResourceId>,
    pub(in crate::ordering) offering_id: OfferingId,
    pub(super) offering_name: String,
    pub(super) plan_name: String,
    pub(in crate::ordering) project_id: ProjectId,
    pub(in crate::ordering) project_name: String,
    pub(in crate::ordering) approval_limit: Option<Fixed>,
    pub(in crate::ordering) organization_id: OrganizationId,
    pub(super) organization_name: String,
    pub(super) organization_currency: Currency,
    pub(in crate::ordering) provider_id: OrganizationId,
    pub(super) provider_name: String,
    pub(in crate::ordering) requested_by: Option<UserId>,
    pub(super) requester: Option<String>,
    /// Whoever looks can decide on it now.
    can_decide: bool,
    resource_state: Option<ResourceState>,
    pub(in crate::ordering) created_at: DateTime<Utc>,
    pub(in crate::ordering) waiting_since: Option<DateTime<Utc>>,
    pub(in crate::ordering) monthly_cost: Fixed,
    pub(in crate::ordering) first_invoice_cost: Fixed,
    pub(in crate::ordering) commitment: Fixed,
    higher_price_from: Option<NaiveDate>,
    pub(in crate::ordering) currency: Currency,
}

/// Selects [`Row`]s as `viewer` sees them; filter and order as wished. Without a viewer nobody can decide.
pub(in crate::ordering) fn select(viewer: Option<&Actor>) -> Select<order::Entity> {
    use order::Column as C;
    let can_decide = match viewer {
        Some(actor) => Expr::expr(decidable_by(actor, columns())),
        None => Expr::value(false),
    };
    let provider = Alias::new("provider").into_iden();
    order::Entity::find()
        .select_only()
        .columns([
            C::Id,
            C::Kind,
            C::State,
            C::ResourceName,
            C::ResourceId,
            C::OfferingId,
            C::ProjectId,
        ])
        .columns([C::OrganizationId, C::ProviderId, C::CreatedAt, C::WaitingSince])
        .columns([C::MonthlyCost, C::FirstInvoiceCost, C::Commitment, C::Currency])
        .columns([C::HigherPriceFrom, C::RequestedBy])
        .join(JoinType::InnerJoin, order::Relation::Offering.def())
        .join(JoinType::InnerJoin, order::Relation::Plan.def())
        .join(JoinType::InnerJoin, order::Relation::Project.def())
        .join(JoinType::InnerJoin, order::Relation::Organization.def())
        .join(JoinType::LeftJoin, order::Relation::RequestedBy.def())
        .join_as(
            JoinType::InnerJoin,
            order::Relation::Provider.def(),
            provider.clone(),
        )
        .join(JoinType::LeftJoin, order::Relation::Resource.def())
        .column_as(offering::Column::Name, "offering_name")
        .column_as(plan::Column::Name, "plan_name")
        .column_as(project::Column::Name, "project_name")
        .column_as(project::Column::ApprovalLimit, "approval_limit")
        .column_as(organization::Column::Name, "organization_name")
        .column_as(organization::Column::Currency, "organization_currency")
        .column_as(user::Column::Name, "requester")
        .column_as(can_decide, "can_decide")
        .column_as(resource::Column::State, "resource_state")
        .column_as(Expr::col((provider, organization::Column::Name)), "provider_name")
}

impl Row {
    /// As lists show it to `actor`.
    pub(in crate::ordering) fn summary(&self, actor: &Actor) -> OrderSummary {
        let money = |amount| Money::from_fixed(amount, self.currency);
        OrderSummary {
            id: self.id,
            kind: self.kind,
            state: self.state,
            resource_name: self.resource_name.clone(),
            resource_id: self.resource_id,
            offering_id: self.offering_id,
            offering_name: self.offering_name.clone(),
            plan_name: self.plan_name.clone(),
            project_id: self.project_id,
            project_name: self.project_name.clone(),
            organization_id: self.organization_id,
            organization_name: self.organization_name.clone(),
            provider_id: self.provider_id,
            provider_name: self.provider_name.clone(),
            requested_by: self.requester.clone(),
            created_at: self.created_at,
            monthly_cost: money(self.monthly_cost),
            first_invoice: money(self.first_invoice_cost),
            commitment: money(self.commitment),
            higher_price_from: self.higher_price_from,
            can_decide: self.can_decide,
            can_fulfil: self.can_fulfil(actor),
        }
    }

    /// It waits for a person of the provider to carry it out.
    pub(super) fn needs_manual_work(&self) -> bool {
        self.state == OrderState::Executing && self.waiting_since.is_some()
    }

    /// It waits for a person of the provider, and the actor is one who may.
    pub(super) fn can_fulfil(&self, actor: &Actor) -> bool {
        self.needs_manual_work() && actor.may(Permission::ManageResource, &self.target())
    }

    /// Its resource is gone: there is nothing left to try again.
    pub(super) fn is_overtaken(&self) -> bool {
        self.resource_state == Some(ResourceState::Terminated)
    }

    /// The order is placed where the actor may withdraw orders.
    pub(super) fn may_cancel(&self, actor: &Actor) -> bool {
        actor.may(Permission::CancelOrder, &self.target())
    }

    pub(super) fn target(&self) -> Target {
        Target::project(self.organization_id, self.project_id)
            .sold_by(self.provider_id, Some(self.offering_id))
    }

    /// What says whom its steps ask.
    pub(super) fn asks(&self) -> Asks {
        let limit = self.approval_limit;
        let limit = limit.map(|limit| Money::from_fixed(limit, self.organization_currency));
        Asks::of(
            self.target(),
            Money::from_fixed(self.commitment, self.currency),
            limit,
        )
    }
}
