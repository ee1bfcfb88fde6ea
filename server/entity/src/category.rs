//! A category of the catalogue, with the attributes that its offerings must or may state.

use model::{CategoryId, Schema};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    /// Unique.
    pub slug: String,
    pub name: String,
    pub description: String,
    pub icon: String,
    pub tint: String,
    pub position: i32,
    /// A `Schema`; read it with [`Model::schema`].
    pub attributes: Json,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::offering::Entity")]
    Offerings,
}

impl Related<super::offering::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Offerings.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The attributes of offerings in this category.
    pub fn schema(&self) -> Result<Schema, DbErr> {
        json::read("categories.attributes", &self.attributes)
    }
}

impl Entity {
    /// Every category in the order of the catalogue.
    pub fn find_in_order() -> Select<Self> {
        Self::find()
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Name)
    }
}
