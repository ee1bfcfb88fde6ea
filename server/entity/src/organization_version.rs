//! What an organization was on documents, from the first day of a month on. Documents copy what was in force on their
//! last day, so a version of a month that is over never changes.

use model::{Fixed, Month, OrganizationId, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// The first month that it holds for; `0001-01` is "from the beginning".
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Month,
    /// The organization's name, which is printed where the legal name is empty.
    pub name: String,
    pub legal_name: String,
    pub registration_number: String,
    pub vat_number: String,
    pub address: String,
    pub country: String,
    /// Tax that this organization charges as a seller, in percent.
    pub tax_percent: Fixed,
    /// When staff confirmed country and VAT number; nothing counts for tax before.
    pub verified_at: Option<DateTimeUtc>,
    /// Who confirmed them.
    pub verified_by: Option<UserId>,
    pub changed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::OrganizationId",
        to = "super::organization::Column::Id"
    )]
    Organization,
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organization.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// All versions of these organizations, oldest first.
    pub fn find_of(organizations: impl IntoIterator<Item = OrganizationId>) -> Select<Self> {
        Self::find()
            .filter(Column::OrganizationId.is_in(organizations))
            .order_by_asc(Column::ValidFrom)
    }
}
