//! One version of an offering's terms of service. Orders accept a version, so none is ever changed: a new one follows it.

use model::{OfferingId, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offering_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub offering_id: OfferingId,
    /// 1, 2, 3 … per offering.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Markdown; empty where there were none.
    pub text: String,
    pub created_at: DateTimeUtc,
    /// Absent when Stoa itself acted, and where it was not kept.
    pub created_by: Option<UserId>,
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
        belongs_to = "super::user::Entity",
        from = "Column::CreatedBy",
        to = "super::user::Column::Id"
    )]
    Author,
}

impl Related<super::offering::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Offering.def()
    }
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Author.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The versions of one offering's terms, the newest first.
    pub fn find_of_offering(offering: OfferingId) -> Select<Self> {
        Self::find()
            .filter(Column::OfferingId.eq(offering))
            .order_by_desc(Column::Version)
    }
}
