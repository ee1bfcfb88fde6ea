//! Invariant 1, of orders: the quote that was kept adds up, and the figures by which orders are listed and decided are its.

use entity::order::{self, Model};
use model::{Fixed, Money, OrderId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BATCH, Finding};
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last: Option<OrderId> = None;
    loop {
        let mut query = order::Entity::find()
            .filter(order::Column::Quote.is_not_null())
            .order_by_asc(order::Column::Id)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(order::Column::Id.gt(last));
        }
        let rows = query.all(core.read()).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        for row in &rows {
            let texts = faults(row)?;
            findings.extend(
                texts
                    .into_iter()
                    .map(|text| Finding::new(1, format!("order {}", row.id), text)),
            );
        }
    }
}

fn faults(row: &Model) -> Result<Vec<String>, DbErr> {
    let Some(quote) = row.quoted()? else {
        return Ok(Vec::new());
    };
    let faults = quote.faults().into_iter();
    let mut texts: Vec<String> = faults
        .map(|fault| format!("its quote does not add up: {fault}"))
        .collect();
    let mut expect = |what: &str, stored: Fixed, quoted: Money| {
        if quoted.to_fixed() != Ok(stored) {
            texts.push(format!(
                "{what}: {stored} is stored, {} was quoted",
                quoted.plain()
            ));
        }
    };
    expect("its cost a month", row.monthly_cost, quote.full_month.totals.net);
    expect(
        "its first invoice",
        row.first_invoice_cost,
        quote.first_invoice.totals.net,
    );
    expect("its commitment", row.commitment, quote.committed());
    if row.higher_price_from != quote.higher_price_from() {
        texts.push("since when its price is higher is not what was quoted".to_owned());
    }
    Ok(texts)
}
