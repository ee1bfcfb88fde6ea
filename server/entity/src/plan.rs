//! A plan of an offering: currency, period and prices under which it is sold.

use model::{BillingPeriod, ChargeMode, Currency, Fixed, OfferingId, PlanId, Proration};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanId,
    pub offering_id: OfferingId,
    /// Unique within the offering.
    pub name: String,
    pub description: String,
    pub currency: Currency,
    pub billing_period: BillingPeriod,
    pub proration: Proration,
    pub charge_mode: ChargeMode,
    pub setup_fee: Fixed,
    /// Not for sale any more; resources that have it keep it.
    pub archived: bool,
    pub position: i32,
    pub created_at: DateTimeUtc,
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

impl Entity {
    /// Plans of one offering in their order, archived ones included.
    pub fn find_of_offering(offering_id: OfferingId) -> Select<Self> {
        Self::find()
            .filter(Column::OfferingId.eq(offering_id))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Name)
    }
}
