//! A plan of an offering. Its terms and prices are versions: `plan_terms`, `plan_price`.

use model::{Currency, OfferingId, PlanId};
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
    #[sea_orm(has_many = "super::plan_terms::Entity")]
    Terms,
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
