//! The PDF of an issued invoice: drawn by the worker, kept with its fingerprint, given to whoever may see the invoice.

use entity::{invoice, invoice_pdf};
use model::{EventKind, InvoiceId};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;
use serde_json::json;

use super::{Billing, BillingError, InvoiceOperations};
use crate::access::{AccessError, Actor, Target};
use crate::audit::{self, Event};
use crate::crypto::sha256_hex;

/// A PDF to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// What to call it: the invoice's number.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Billing {
    /// The PDF, or `None` while it has not been drawn.
    pub async fn pdf(&self, actor: &Actor, id: InvoiceId) -> Result<Option<Pdf>, BillingError> {
        let invoice = self.visible(actor, id).await?;
        let stored = invoice_pdf::Entity::find_by_id(id).one(self.core.read()).await?;
        let name = invoice.number.unwrap_or_else(|| id.to_string());
        Ok(stored.map(|pdf| Pdf {
            file_name: format!("{name}.pdf"),
            bytes: pdf.bytes,
        }))
    }
}

impl InvoiceOperations {
    /// Keeps the PDF of an issued invoice. A second drawing of the same document replaces the first; both are equal.
    pub async fn store_pdf(&self, id: InvoiceId, bytes: Vec<u8>) -> Result<(), BillingError> {
        use invoice_pdf::Column as C;
        let tx = self.core.write_tx().await?;
        let invoice = invoice::Entity::find_by_id(id)
            .one(&*tx)
            .await?
            .filter(|row| row.state.is_issued());
        let invoice = invoice.ok_or(AccessError::NotFound)?;
        let sha256 = sha256_hex(&bytes);
        let row = invoice_pdf::ActiveModel {
            invoice_id: Set(id),
            sha256: Set(sha256.clone()),
            bytes: Set(bytes),
            created_at: Set(self.core.now()),
        };
        let replace = OnConflict::column(C::InvoiceId)
            .update_columns([C::Sha256, C::Bytes, C::CreatedAt])
            .to_owned();
        invoice_pdf::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&*tx)
            .await?;
        let actor = Actor::system();
        let event = Event::new(&actor, EventKind::InvoiceDrawn, id.0)
            .on(Target::organization(invoice.organization_id).sold_by(invoice.provider_id, None))
            .after(json!({ "sha256": sha256 }));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(())
    }
}
