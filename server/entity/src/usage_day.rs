//! The total of one component of one resource on one day: derived from the events that count, kept in the same transaction.

use model::{Fixed, ResourceId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: ResourceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub component: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    pub quantity: Fixed,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::resource::Entity",
        from = "Column::ResourceId",
        to = "super::resource::Column::Id"
    )]
    Resource,
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resource.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Days of these resources in the half-open range, in order.
    pub fn find_within(
        resources: impl IntoIterator<Item = ResourceId>,
        from: Date,
        until: Date,
    ) -> Select<Self> {
        Self::find()
            .filter(Column::ResourceId.is_in(resources))
            .filter(Column::Day.gte(from))
            .filter(Column::Day.lt(until))
            .order_by_asc(Column::ResourceId)
            .order_by_asc(Column::Component)
            .order_by_asc(Column::Day)
    }
}
