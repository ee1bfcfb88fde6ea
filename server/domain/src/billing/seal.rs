//! The fingerprint of a document as it was issued. The log keeps it, and nobody can change that, so a document that was
//! edited later shows, though its sums were made to fit.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{invoice, invoice_item};
use model::{Fixed, InvoiceId, InvoiceItemId, ProjectId, ResourceId};
use sea_orm::prelude::Json;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::json;

use crate::crypto;

/// A line, column by column. The derivation is as it is stored: what later releases add to its type changes nothing.
#[derive(FromQueryResult, Serialize)]
struct Line {
    id: InvoiceItemId,
    invoice_id: InvoiceId,
    position: i32,
    resource_id: Option<ResourceId>,
    resource_name: String,
    project_id: Option<ProjectId>,
    project_name: String,
    component: String,
    article_code: String,
    description: String,
    quantity: Fixed,
    unit: String,
    unit_price: Option<Fixed>,
    amount: Fixed,
    from_day: NaiveDate,
    until_day: NaiveDate,
    price_version: String,
    derivation: Json,
    /// Lines of before had none, and their documents keep the fingerprint that they were issued with.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax: Option<Json>,
}

/// The fingerprints of documents with all their lines, as they are stored now.
pub(crate) async fn fingerprints(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = InvoiceId>,
) -> Result<HashMap<InvoiceId, String>, DbErr> {
    let rows = invoice::Entity::find().filter(invoice::Column::Id.is_in(ids));
    let rows = rows.all(db).await?;
    let items = invoice_item::Entity::find()
        .filter(invoice_item::Column::InvoiceId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(invoice_item::Column::Position)
        .order_by_asc(invoice_item::Column::Id)
        .into_model::<Line>()
        .all(db)
        .await?;
    let mut lines: HashMap<InvoiceId, Vec<Line>> = HashMap::new();
    for item in items {
        lines.entry(item.invoice_id).or_default().push(item);
    }
    let mut fingerprint =
        |row: &invoice::Model| (row.id, of(row, &lines.remove(&row.id).unwrap_or_default()));
    Ok(rows.iter().map(&mut fingerprint).collect())
}

fn of(row: &invoice::Model, lines: &[Line]) -> String {
    crypto::fingerprint(&json!({
        "id": row.id, "buyer_id": row.organization_id, "seller_id": row.provider_id, "currency": row.currency,
        "month": row.month, "kind": row.kind, "number": row.number, "seller": row.seller, "buyer": row.buyer,
        "tax_percent": row.tax_percent, "reverse_charge": row.reverse_charge, "issued_on": row.issued_on,
        "due_on": row.due_on, "net": row.net, "tax": row.tax, "taxes": row.taxes, "total": row.total,
        "covered": row.covered, "lines": lines,
    }))
}
