//! A backend, or a part of one, that a provider may use.

use model::{AssignedBackendId, OrganizationId};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assigned_backends")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignedBackendId,
    pub provider_id: OrganizationId,
    /// Kind of the plugin.
    pub plugin: String,
    /// A filled-in form of what the plugin says must be assigned.
    pub settings: Json,
    pub assigned_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// All that is assigned to a provider, in the order in which it was.
    pub fn find_of_provider(provider_id: OrganizationId) -> Select<Self> {
        use sea_orm::QueryOrder as _;
        Self::find()
            .filter(Column::ProviderId.eq(provider_id))
            .order_by_asc(Column::AssignedAt)
            .order_by_asc(Column::Id)
    }
}
