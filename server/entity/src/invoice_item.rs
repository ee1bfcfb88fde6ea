//! A line of an invoice, with the derivation of its amount.

use model::{Derivation, Fixed, InvoiceId, InvoiceItemId, InvoiceLine, ProjectId, ResourceId, TaxRate};
use sea_orm::entity::prelude::*;
use sea_orm::{FromJsonQueryResult, FromQueryResult, QueryOrder, QuerySelect, Select, SelectModel, Selector};
use serde::{Deserialize, Serialize};

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
    /// The component's article code when the line was made; may be empty.
    pub article_code: String,
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
    /// How the amount came about.
    pub derivation: StoredDerivation,
    /// Its tax; none on lines of before lines had one, where all of a document is at one rate.
    pub tax: Option<StoredTax>,
}

/// A rate of tax as a JSON column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct StoredTax(pub TaxRate);

/// A derivation as a JSON column, read without a detour through a tree of values: documents have many lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct StoredDerivation(pub Derivation);

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

/// What readers of a document see of a line.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Shown {
    id: InvoiceItemId,
    resource_id: Option<ResourceId>,
    resource_name: String,
    project_name: String,
    component: String,
    article_code: String,
    description: String,
    quantity: Fixed,
    unit: String,
    unit_price: Option<Fixed>,
    amount: Fixed,
    from_day: Date,
    until_day: Date,
    derivation: StoredDerivation,
    tax: Option<StoredTax>,
}

impl Shown {
    /// The line as page, PDF and API show it, on a document whose lines of before have the tax `only`.
    pub fn line(self, only: &TaxRate) -> InvoiceLine {
        InvoiceLine {
            id: self.id,
            resource_id: self.resource_id,
            resource_name: self.resource_name,
            project_name: self.project_name,
            component: self.component,
            article_code: self.article_code,
            description: self.description,
            quantity: self.quantity,
            unit: self.unit,
            unit_price: self.unit_price,
            amount: self.amount,
            from: self.from_day,
            until: self.until_day,
            derivation: self.derivation.0,
            tax: self.tax.map_or_else(|| only.clone(), |tax| tax.0),
        }
    }
}

impl Entity {
    /// Lines of one invoice in printed order, of each only what is shown.
    pub fn find_shown_of_invoice(invoice_id: InvoiceId) -> Selector<SelectModel<Shown>> {
        Self::find_of_invoice(invoice_id)
            .select_only()
            .columns([
                Column::Id,
                Column::ResourceId,
                Column::ResourceName,
                Column::ProjectName,
                Column::Component,
                Column::ArticleCode,
                Column::Description,
                Column::Quantity,
                Column::Unit,
                Column::UnitPrice,
                Column::Amount,
                Column::FromDay,
                Column::UntilDay,
                Column::Derivation,
                Column::Tax,
            ])
            .into_model()
    }

    /// Lines of one invoice in printed order.
    pub fn find_of_invoice(invoice_id: InvoiceId) -> Select<Self> {
        Self::find()
            .filter(Column::InvoiceId.eq(invoice_id))
            .order_by_asc(Column::Position)
    }
}
