//! A project of an organization. Resources live here.

use model::{Fixed, OrganizationId, ProjectId};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    pub organization_id: OrganizationId,
    /// Unique within the organization.
    pub slug: String,
    pub name: String,
    pub description: String,
    pub start_date: Option<Date>,
    /// Last day.
    pub end_date: Option<Date>,
    /// Monthly cost up to which the project's own people may approve an order; absent: they may not.
    pub approval_limit: Option<Fixed>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::OrganizationId",
        to = "super::organization::Column::Id"
    )]
    Organization,
    #[sea_orm(has_many = "super::order::Entity")]
    Orders,
    #[sea_orm(has_many = "super::resource::Entity")]
    Resources,
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organization.def()
    }
}

impl Related<super::order::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Orders.def()
    }
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resources.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Projects of one organization.
    pub fn find_in_organization(organization_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization_id))
    }
}
