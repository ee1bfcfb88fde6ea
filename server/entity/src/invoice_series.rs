//! The next invoice number of a provider in a year. The issuing transaction locks the row, so that numbers have no gaps.

use model::OrganizationId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_series")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub next: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::ProviderId",
        to = "super::organization::Column::Id"
    )]
    Provider,
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
