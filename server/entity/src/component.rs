//! A component of an offering: what is measured, limited or billed.

use model::{ChargeType, ComponentId, ComponentTerms, ExpectedUse, Fixed, LimitPeriod, OfferingId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "components")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComponentId,
    pub offering_id: OfferingId,
    /// Unique within the offering.
    pub code: String,
    pub name: String,
    pub description: String,
    pub article_code: String,
    pub unit: String,
    pub charge: ChargeType,
    /// Read only when a limit is charged.
    pub limit_period: LimitPeriod,
    pub prepaid: bool,
    pub min: Option<Fixed>,
    pub max: Option<Fixed>,
    /// What the order form starts with.
    pub default_value: Option<Fixed>,
    /// Whether buyers are asked how much they expect to use a month.
    pub expected_use: ExpectedUse,
    pub step: Option<Fixed>,
    /// Backend quantity divided by this is the priced quantity.
    pub factor: Fixed,
    /// Code of the component that bills what exceeds the limit of this one.
    pub overage_component: Option<String>,
    pub position: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::offering::Entity",
        from = "Column::OfferingId",
        to = "super::offering::Column::Id"
    )]
    Offering,
    #[sea_orm(has_many = "super::plan_price::Entity")]
    Prices,
}

impl Related<super::offering::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Offering.def()
    }
}

impl Related<super::plan_price::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Prices.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The component as the pricing rules see it.
    pub fn terms(&self) -> ComponentTerms {
        ComponentTerms {
            code: self.code.clone(),
            name: self.name.clone(),
            unit: self.unit.clone(),
            charge: self.charge,
            limit_period: self.limit_period,
            prepaid: self.prepaid,
            min: self.min,
            max: self.max,
            default: self.default_value,
            expected_use: self.expected_use,
            step: self.step,
            factor: self.factor,
            overage_component: self.overage_component.clone(),
        }
    }
}

impl Entity {
    /// Components of one offering in their order.
    pub fn find_of_offering(offering_id: OfferingId) -> Select<Self> {
        Self::find()
            .filter(Column::OfferingId.eq(offering_id))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Code)
    }
}
