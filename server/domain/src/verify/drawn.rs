//! Invariant 1, of PDFs: each is the file that was drawn, by its own fingerprint and by that in the log.

use entity::invoice_pdf;
use model::{EventKind, InvoiceId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;

use super::{Finding, told};
use crate::core::Core;
use crate::crypto::sha256_hex;

/// Files read at once: each has some dozens of kilobytes.
const FILES: u64 = 20;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last: Option<InvoiceId> = None;
    loop {
        let mut query = invoice_pdf::Entity::find()
            .order_by_asc(invoice_pdf::Column::InvoiceId)
            .limit(FILES);
        if let Some(last) = last {
            query = query.filter(invoice_pdf::Column::InvoiceId.gt(last));
        }
        let rows = query.all(core.read()).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.invoice_id);
        let ids = rows.iter().map(|row| row.invoice_id.0);
        let drawn = told::last(core, EventKind::InvoiceDrawn, ids).await?;
        for row in &rows {
            let bytes = sha256_hex(&row.bytes);
            // Releases before the log knew of drawings told nothing.
            let logged = drawn.get(&row.invoice_id.0).and_then(|told| told.get("sha256"));
            let same =
                bytes == row.sha256 && logged.and_then(Json::as_str).is_none_or(|logged| logged == bytes);
            if !same {
                let text = "its PDF is not the one that was drawn";
                findings.push(Finding::new(1, format!("invoice {}", row.invoice_id), text));
            }
        }
    }
}
