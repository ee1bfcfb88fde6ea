//! One invoice, whole.

use entity::{invoice, invoice_item, invoice_pdf};
use model::{InvoiceDocument, InvoiceId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::list::seen_by;
use super::{Billing, BillingError};
use crate::access::{AccessError, Actor};

impl Billing {
    /// The invoice as page, PDF and API show it.
    pub async fn invoice(&self, actor: &Actor, id: InvoiceId) -> Result<InvoiceDocument, BillingError> {
        let row = self.visible(actor, id).await?;
        self.whole(row).await
    }

    /// The invoice for the worker that draws it.
    pub async fn document(&self, id: InvoiceId) -> Result<InvoiceDocument, BillingError> {
        let row = invoice::Entity::find_by_id(id)
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        self.whole(row).await
    }

    /// The row, if the actor may see it.
    pub(super) async fn visible(&self, actor: &Actor, id: InvoiceId) -> Result<invoice::Model, BillingError> {
        let found = invoice::Entity::find_by_id(id)
            .filter(seen_by(actor))
            .one(self.core.read())
            .await?;
        Ok(found.ok_or(AccessError::NotFound)?)
    }

    async fn whole(&self, row: invoice::Model) -> Result<InvoiceDocument, BillingError> {
        let items = invoice_item::Entity::find_of_invoice(row.id)
            .all(self.core.read())
            .await?;
        let pdf = invoice_pdf::Entity::find().filter(invoice_pdf::Column::InvoiceId.eq(row.id));
        let has_pdf = pdf.count(self.core.read()).await? > 0;
        Ok(InvoiceDocument {
            id: row.id,
            number: row.number.clone(),
            state: row.state,
            month: row.month,
            currency: row.currency,
            organization_id: row.organization_id,
            provider_id: row.provider_id,
            seller: row.seller_party()?,
            buyer: row.buyer_party()?,
            issued_on: row.issued_on,
            due_on: row.due_on,
            lines: items
                .iter()
                .map(invoice_item::Model::line)
                .collect::<Result<_, _>>()?,
            net: row.net,
            taxes: row.tax_totals()?,
            tax: row.tax,
            total: row.total,
            reverse_charge: row.reverse_charge,
            created_at: row.created_at,
            has_pdf,
        })
    }
}
