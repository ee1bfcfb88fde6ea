//! Invariant 1: sums.

use std::collections::HashMap;

use entity::{invoice, invoice_item};
use model::{Fixed, InvoiceId, InvoiceItemId, Money};
use sea_orm::sea_query::{Alias, ExprTrait};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BATCH, Finding};
use crate::core::Core;

/// Lines + tax = total on every document, and every line is what its derivation says.
pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let sums: HashMap<InvoiceId, i64> = invoice_item::Entity::find()
        .select_only()
        .column(invoice_item::Column::InvoiceId)
        .column_as(
            invoice_item::Column::Amount.sum().cast_as(Alias::new("bigint")),
            "amount",
        )
        .group_by(invoice_item::Column::InvoiceId)
        .into_tuple::<(InvoiceId, i64)>()
        .all(core.read())
        .await?
        .into_iter()
        .collect();
    let mut findings = Vec::new();
    let mut last: Option<InvoiceId> = None;
    loop {
        let mut query = invoice::Entity::find()
            .order_by_asc(invoice::Column::Id)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(invoice::Column::Id.gt(last));
        }
        let rows = query.all(core.read()).await?;
        let Some(end) = rows.last() else { break };
        last = Some(end.id);
        for row in &rows {
            let sum = Fixed::from_nanos(sums.get(&row.id).copied().unwrap_or_default());
            findings.extend(document(row, sum)?);
        }
    }
    findings.extend(lines(core).await?);
    Ok(findings)
}

fn document(row: &invoice::Model, lines: Fixed) -> Result<Vec<Finding>, DbErr> {
    let subject = name(row);
    let mut findings = Vec::new();
    let mut expect = |what: &str, stored: Fixed, computed: Option<Fixed>| {
        if computed != Some(stored) {
            let computed = computed.map_or_else(|| "too large".to_owned(), |sum| sum.to_string());
            findings.push(Finding::new(
                1,
                subject.clone(),
                format!("{what}: {stored} is stored, {computed} is right"),
            ));
        }
    };
    expect("the sum of its lines", row.net, Some(lines));
    expect("net and tax", row.total, row.net.checked_add(row.tax).ok());
    let taxes = row.tax_totals()?;
    let sum = |part: fn(&model::TaxTotal) -> Money| {
        let fold = |sum: Money, tax: &model::TaxTotal| sum.checked_add(part(tax));
        taxes
            .iter()
            .try_fold(Money::zero(row.currency), fold)
            .ok()
            .and_then(|sum| sum.to_fixed().ok())
    };
    expect("the sum of taxes by rate", row.tax, sum(|tax| tax.tax));
    if !taxes.is_empty() {
        expect("the sum of what the rates apply to", row.net, sum(|tax| tax.base));
    }
    Ok(findings)
}

/// Each line's amount, computed again from its derivation.
async fn lines(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last: Option<InvoiceItemId> = None;
    loop {
        let mut query = invoice_item::Entity::find()
            .order_by_asc(invoice_item::Column::Id)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(invoice_item::Column::Id.gt(last));
        }
        let rows = query.all(core.read()).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        for row in rows {
            let derivation = &row.derivation.0;
            let amount = derivation
                .exact()
                .and_then(|exact| exact.to_money(derivation.currency));
            let amount = amount.ok().and_then(|money| money.to_fixed().ok());
            if amount != Some(row.amount) {
                let text = format!(
                    "{}: {} is stored, but {}",
                    row.description,
                    row.amount,
                    derivation.sentence()
                );
                findings.push(Finding::new(1, format!("invoice line {}", row.id), text));
            }
        }
    }
}

/// An invoice as people know it.
pub(super) fn name(row: &invoice::Model) -> String {
    match &row.number {
        Some(number) => format!("invoice {number}"),
        None => format!("open invoice {} of {}", row.id, row.month),
    }
}
