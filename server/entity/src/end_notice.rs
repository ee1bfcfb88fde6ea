//! What people were told about an end, so that each thing is told once.

use model::EndingKind;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "end_notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    /// The end that it is about; another end has notices of its own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub last_day: Date,
    /// So many days before; 0 when it was over.
    #[sea_orm(primary_key, auto_increment = false)]
    pub days: i32,
    pub kind: EndingKind,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
