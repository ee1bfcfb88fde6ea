//! What the backend of a resource listed of it when it was last asked.

use model::{InventoryTable, ResourceId};
use sea_orm::entity::prelude::*;

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_parts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: ResourceId,
    /// When it answered; absent where it never did.
    pub taken_at: Option<DateTimeUtc>,
    /// `[InventoryTable]`; read them with [`Model::listed`].
    pub tables: Json,
    /// Why it did not answer the last time; empty otherwise.
    pub error: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What it listed.
    pub fn listed(&self) -> Result<Vec<InventoryTable>, DbErr> {
        json::read("resource_parts.tables", &self.tables)
    }
}
