//! A line of an invoice, with the derivation of its amount.

use model::{Derivation, Fixed, InvoiceId, InvoiceItemId, InvoiceLine, ProjectId, ResourceId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceItemId,
    pub invoice_id: InvoiceId,
    pub position: i32,
    /// Absent for an adjustment of the whole document.
    pub resource_id: Option<ResourceId>,
    pub resource_name: String,
    pub project_id: Option<ProjectId>,
    pub project_name: String,
    /// Code of the component.
    pub component: String,
    pub description: String,
    pub quantity: Fixed,
    pub unit: String,
    pub unit_price: Option<Fixed>,
    /// Net, rounded once to the currency's minor unit.
    pub amount: Fixed,
    pub from_day: Date,
    /// The day after the last one.
    pub until_day: Date,
    /// Names the price version; empty for adjustments.
    pub price_version: String,
    /// A `Derivation`; read it with [`Model::derived`].
    pub derivation: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::invoice::Entity",
        from = "Column::InvoiceId",
        to = "super::invoice::Column::Id"
    )]
    Invoice,
    #[sea_orm(
        belongs_to = "super::project::Entity",
        from = "Column::ProjectId",
        to = "super::project::Column::Id"
    )]
    Project,
    #[sea_orm(
        belongs_to = "super::resource::Entity",
        from = "Column::ResourceId",
        to = "super::resource::Column::Id"
    )]
    Resource,
}

impl Related<super::invoice::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Invoice.def()
    }
}

impl Related<super::project::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Project.def()
    }
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resource.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// How the amount came about.
    pub fn derived(&self) -> Result<Derivation, DbErr> {
        json::read("invoice_items.derivation", &self.derivation)
    }

    /// The line as page, PDF and API show it.
    pub fn line(&self) -> Result<InvoiceLine, DbErr> {
        Ok(InvoiceLine {
            id: self.id,
            resource_id: self.resource_id,
            resource_name: self.resource_name.clone(),
            project_name: self.project_name.clone(),
            component: self.component.clone(),
            description: self.description.clone(),
            quantity: self.quantity,
            unit: self.unit.clone(),
            unit_price: self.unit_price,
            amount: self.amount,
            from: self.from_day,
            until: self.until_day,
            derivation: self.derived()?,
        })
    }
}

impl Entity {
    /// Lines of one invoice in printed order.
    pub fn find_of_invoice(invoice_id: InvoiceId) -> Select<Self> {
        Self::find()
            .filter(Column::InvoiceId.eq(invoice_id))
            .order_by_asc(Column::Position)
    }
}
