//! One invoice, whole.

use entity::{invoice, invoice_item, invoice_pdf};
use model::{InvoiceDocument, InvoiceId, TaxRate};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Select};

use super::account::would_cover;
use super::list::seen_by;
use super::{Billing, BillingError, InvoiceOperations};
use crate::access::{AccessError, Actor};
use crate::core::Core;

/// An invoice, and whether its PDF is drawn.
#[derive(FromQueryResult)]
struct Found {
    #[sea_orm(nested)]
    row: invoice::Model,
    has_pdf: bool,
}

/// Selects [`Found`] by id.
fn with_pdf(id: InvoiceId) -> Select<invoice::Entity> {
    let pdf = invoice_pdf::Entity::find()
        .select_only()
        .column(invoice_pdf::Column::InvoiceId)
        .filter(invoice_pdf::Column::InvoiceId.eq(id));
    invoice::Entity::find_by_id(id).column_as(Expr::exists(pdf.into_query()), "has_pdf")
}

impl Billing {
    /// The invoice as page, PDF and API show it.
    pub async fn invoice(&self, actor: &Actor, id: InvoiceId) -> Result<InvoiceDocument, BillingError> {
        whole(&self.core, with_pdf(id).filter(seen_by(actor))).await
    }

    /// The row, if the actor may see it.
    pub(super) async fn visible(&self, actor: &Actor, id: InvoiceId) -> Result<invoice::Model, BillingError> {
        let found = invoice::Entity::find_by_id(id)
            .filter(seen_by(actor))
            .one(self.core.read())
            .await?;
        Ok(found.ok_or(AccessError::NotFound)?)
    }
}

impl InvoiceOperations {
    /// The invoice for the worker that draws it.
    pub async fn document(&self, id: InvoiceId) -> Result<InvoiceDocument, BillingError> {
        whole(&self.core, with_pdf(id)).await
    }
}

/// The same queries, however many lines there are. Of an open document, what the account would pay of it is told as well.
async fn whole(core: &Core, wanted: Select<invoice::Entity>) -> Result<InvoiceDocument, BillingError> {
    let found = wanted.into_model::<Found>().one(core.read()).await?;
    let Found { mut row, has_pdf } = found.ok_or(AccessError::NotFound)?;
    if !row.state.is_issued() {
        row.covered = would_cover(core, &row).await?;
    }
    let items = invoice_item::Entity::find_shown_of_invoice(row.id)
        .all(core.read())
        .await?;
    let taxes = row.tax_totals()?;
    let only = taxes.first().map_or_else(TaxRate::none, |tax| tax.rate.clone());
    Ok(InvoiceDocument {
        id: row.id,
        number: row.number.clone(),
        kind: row.kind,
        state: row.state,
        month: row.month,
        currency: row.currency,
        organization_id: row.organization_id,
        provider_id: row.provider_id,
        seller: row.seller_party()?,
        buyer: row.buyer_party()?,
        issued_on: row.issued_on,
        due_on: row.due_on,
        lines: items.into_iter().map(|item| item.line(&only)).collect(),
        net: row.net,
        reverse_charge: row.reverse_charge || taxes.iter().any(|tax| tax.rate.reverse_charge),
        taxes,
        tax: row.tax,
        total: row.total,
        covered: row.covered,
        amount_due: row.amount_due(),
        created_at: row.created_at,
        as_of: (!row.state.is_issued()).then_some(row.updated_at),
        has_pdf,
    })
}
