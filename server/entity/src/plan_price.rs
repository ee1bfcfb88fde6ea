//! One version of the price of a component in a plan. A version that has begun is never edited: a new one follows it.

use model::{BillingPeriod, ComponentId, Fixed, PlanId, Price, PriceId, PriceScheme, PriceVersion, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_prices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PriceId,
    pub plan_id: PlanId,
    pub component_id: ComponentId,
    /// 1, 2, 3 … per plan and component.
    pub version: i32,
    /// The first instant at which this version counts.
    pub starts_at: DateTimeUtc,
    /// The period that a fixed amount is for: the plan's when it was published.
    pub billing_period: BillingPeriod,
    /// A `PriceScheme`; read it with [`Model::price_scheme`].
    pub scheme: Json,
    /// Unit price or first tier, for sorting and "from" prices only.
    pub sort_price: Fixed,
    pub created_at: DateTimeUtc,
    /// The published version in whose place this one stands from its first instant on; none for what was published.
    pub corrects: Option<PriceId>,
    /// Why it was corrected.
    pub reason: Option<String>,
    /// Who corrected it.
    pub corrected_by: Option<UserId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::component::Entity",
        from = "Column::ComponentId",
        to = "super::component::Column::Id"
    )]
    Component,
    /// The stretches of resources that had the plan.
    #[sea_orm(
        belongs_to = "super::resource_interval::Entity",
        from = "Column::PlanId",
        to = "super::resource_interval::Column::PlanId"
    )]
    Intervals,
    #[sea_orm(
        belongs_to = "super::plan::Entity",
        from = "Column::PlanId",
        to = "super::plan::Column::Id"
    )]
    Plan,
}

impl Related<super::component::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Component.def()
    }
}

impl Related<super::plan::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plan.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// How quantities become amounts.
    pub fn price_scheme(&self) -> Result<PriceScheme, DbErr> {
        json::read("plan_prices.scheme", &self.scheme)
    }

    /// The price as the pricing rules see it; its version names this row.
    pub fn price(&self) -> Result<Price, DbErr> {
        Ok(Price {
            version: self.id.to_string(),
            scheme: self.price_scheme()?,
        })
    }

    /// The version as the pricing rules see it.
    pub fn as_version(&self) -> Result<PriceVersion, DbErr> {
        Ok(PriceVersion {
            id: self.id,
            saved_at: self.created_at,
            starts_at: self.starts_at,
            every: self.billing_period,
            corrects: self.corrects,
            price: self.price()?,
        })
    }
}

impl Entity {
    /// Every price version of these plans, in the order of their first instants within a component.
    pub fn find_of_plans(plans: impl IntoIterator<Item = PlanId>) -> Select<Self> {
        Self::find()
            .filter(Column::PlanId.is_in(plans))
            .order_by_asc(Column::PlanId)
            .order_by_asc(Column::ComponentId)
            .order_by_asc(Column::StartsAt)
            .order_by_asc(Column::Version)
    }
}
