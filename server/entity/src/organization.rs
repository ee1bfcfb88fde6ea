//! An organization. It buys through its projects; with `is_provider` it also sells.

use model::{Currency, Fixed, OrganizationId, Party};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// Unique; the upper-cased slug of a provider opens its invoice numbers.
    pub slug: String,
    pub name: String,
    pub legal_name: String,
    pub registration_number: String,
    pub vat_number: String,
    pub address: String,
    pub country: String,
    pub email: String,
    pub bank_account: String,
    pub currency: Currency,
    /// Tax that this organization charges as a seller, in percent.
    pub tax_percent: Fixed,
    /// IANA name; months and days of its invoices are counted in it.
    pub time_zone: String,
    pub is_provider: bool,
    pub provider_description: String,
    pub archived_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::offering::Entity")]
    Offerings,
    #[sea_orm(has_many = "super::project::Entity")]
    Projects,
}

impl Related<super::offering::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Offerings.def()
    }
}

impl Related<super::project::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Projects.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The organization as a party of a document issued now.
    pub fn party(&self) -> Party {
        Party {
            name: if self.legal_name.is_empty() {
                self.name.clone()
            } else {
                self.legal_name.clone()
            },
            registration_number: self.registration_number.clone(),
            vat_number: self.vat_number.clone(),
            address: self.address.clone(),
            country: self.country.clone(),
            email: self.email.clone(),
            bank_account: self.bank_account.clone(),
        }
    }
}

impl Entity {
    /// Organizations that are not archived.
    pub fn find_current() -> Select<Self> {
        Self::find().filter(Column::ArchivedAt.is_null())
    }

    /// Organizations that sell.
    pub fn find_providers() -> Select<Self> {
        Self::find_current().filter(Column::IsProvider.eq(true))
    }
}
