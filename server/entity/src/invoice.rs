//! One invoice per buyer, provider, currency and month. Open: estimates, recomputed. Issued: numbered and unchangeable.

use model::{Currency, DocumentKind, Fixed, InvoiceId, InvoiceState, Month, OrganizationId, Party, TaxTotal};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceId,
    pub organization_id: OrganizationId,
    pub provider_id: OrganizationId,
    pub currency: Currency,
    pub month: Month,
    pub state: InvoiceState,
    pub kind: DocumentKind,
    /// Unique; absent until issued.
    pub number: Option<String>,
    /// A `Party` as it was when issued; read it with [`Model::seller_party`].
    pub seller: Json,
    /// A `Party` as it was when issued; read it with [`Model::buyer_party`].
    pub buyer: Json,
    pub tax_percent: Fixed,
    pub reverse_charge: bool,
    pub issued_on: Option<Date>,
    pub due_on: Option<Date>,
    pub net: Fixed,
    pub tax: Fixed,
    /// `[TaxTotal]`; read it with [`Model::tax_totals`].
    pub taxes: Json,
    pub total: Fixed,
    /// What the buyer's account paid of the total when it was issued.
    pub covered: Fixed,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::OrganizationId",
        to = "super::organization::Column::Id"
    )]
    Organization,
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::ProviderId",
        to = "super::organization::Column::Id"
    )]
    Provider,
    #[sea_orm(has_many = "super::invoice_item::Entity")]
    Items,
    #[sea_orm(has_one = "super::invoice_pdf::Entity")]
    Pdf,
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organization.def()
    }
}

impl Related<super::invoice_item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Items.def()
    }
}

impl Related<super::invoice_pdf::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Pdf.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What is left to be paid.
    pub fn amount_due(&self) -> Fixed {
        if self.kind == DocumentKind::Invoice {
            self.total.checked_sub(self.covered).unwrap_or(self.total)
        } else {
            Fixed::ZERO
        }
    }

    /// The seller as printed.
    pub fn seller_party(&self) -> Result<Party, DbErr> {
        json::read("invoices.seller", &self.seller)
    }

    /// The buyer as printed.
    pub fn buyer_party(&self) -> Result<Party, DbErr> {
        json::read("invoices.buyer", &self.buyer)
    }

    /// Tax per rate.
    pub fn tax_totals(&self) -> Result<Vec<TaxTotal>, DbErr> {
        json::read("invoices.taxes", &self.taxes)
    }
}

impl Entity {
    /// Invoices to one buyer.
    pub fn find_in_organization(organization_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization_id))
    }

    /// Invoices from one provider.
    pub fn find_of_provider(provider_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::ProviderId.eq(provider_id))
    }
}
