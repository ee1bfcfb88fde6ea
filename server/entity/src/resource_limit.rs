//! How much of each component the backend of a resource lets be used over its life, as far as it was told. Only of backends
//! that count so.

use model::ResourceId;
use sea_orm::entity::prelude::*;

use crate::json::{self, Limits};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: ResourceId,
    /// Component code to quantity, in the component's unit; read it with [`Model::limits`].
    pub totals: Json,
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

impl Model {
    /// The totals that were told, by component code.
    pub fn limits(&self) -> Result<Limits, DbErr> {
        json::read("resource_limits.totals", &self.totals)
    }
}
