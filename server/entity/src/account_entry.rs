//! What a document granted to a buyer's account with a seller, or used of it. Append-only; the newest entry of an account has
//! its balance.

use model::{AccountEntryId, Currency, Fixed, InvoiceId, OrganizationId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountEntryId,
    pub organization_id: OrganizationId,
    pub provider_id: OrganizationId,
    pub currency: Currency,
    /// 1 for the first entry of the account; unique in it.
    pub position: i32,
    /// Unique: a document makes one entry.
    pub invoice_id: InvoiceId,
    /// Granted above zero, used below.
    pub amount: Fixed,
    /// The sum of this entry and all before it.
    pub balance: Fixed,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::invoice::Entity",
        from = "Column::InvoiceId",
        to = "super::invoice::Column::Id"
    )]
    Invoice,
}

impl Related<super::invoice::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Invoice.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
