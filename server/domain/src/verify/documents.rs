//! Invariant 1: sums.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::invoice_item::StoredTax;
use entity::{invoice, invoice_item, plan_price};
use model::pricing::Formula;
use model::{Derivation, Fixed, InvoiceId, InvoiceItemId, Money, PriceScheme};
use sea_orm::sea_query::{Alias, ExprTrait};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BATCH, Finding};
use crate::billing::{as_billed_then, last_day_to_pay};
use crate::core::Core;

/// Lines + tax = total on every document, every line is what its derivation says, and what is due is so on the right day.
pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let sums = sums_by_tax(core).await?;
    let mut findings = Vec::new();
    let mut rates = Rates::new();
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
            rates.insert(row.id, (row.tax_percent, row.reverse_charge));
            findings.extend(document(row, sums.get(&row.id).map_or(&[], Vec::as_slice))?);
        }
    }
    findings.extend(lines(core, &rates).await?);
    Ok(findings)
}

/// The rate of tax that is charged on a document, and whether the charge is reversed.
type Rates = HashMap<InvoiceId, (Fixed, bool)>;

/// What the lines of a document come to at one tax; none on lines of before they had one.
type SumAtTax = (Option<StoredTax>, Fixed);

async fn sums_by_tax(core: &Core) -> Result<HashMap<InvoiceId, Vec<SumAtTax>>, DbErr> {
    let found = invoice_item::Entity::find()
        .select_only()
        .columns([invoice_item::Column::InvoiceId, invoice_item::Column::Tax])
        .column_as(
            invoice_item::Column::Amount.sum().cast_as(Alias::new("bigint")),
            "amount",
        )
        .group_by(invoice_item::Column::InvoiceId)
        .group_by(invoice_item::Column::Tax)
        .into_tuple::<(InvoiceId, Option<StoredTax>, i64)>()
        .all(core.read())
        .await?;
    let mut sums: HashMap<InvoiceId, Vec<SumAtTax>> = HashMap::new();
    for (id, tax, nanos) in found {
        sums.entry(id).or_default().push((tax, Fixed::from_nanos(nanos)));
    }
    Ok(sums)
}

fn document(row: &invoice::Model, lines: &[SumAtTax]) -> Result<Vec<Finding>, DbErr> {
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
    let sum_of_lines = lines
        .iter()
        .try_fold(Fixed::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
    expect("the sum of its lines", row.net, sum_of_lines.ok());
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
    // What lines of before say is that their document is at one rate; where the sum is wrong, that is told.
    let is_of_before = lines.iter().all(|(own, _)| own.is_none());
    let adds_up = sum_of_lines.ok() == Some(row.net);
    for tax in &taxes {
        let (percent, reverse) = (tax.rate.charged_percent(), tax.rate.reverse_charge);
        let of_lines = lines
            .iter()
            .find(|(own, _)| own.as_ref().is_some_and(|own| own.0 == tax.rate))
            .map(|(_, amount)| *amount);
        let is_off = if is_of_before {
            (percent, reverse) != (row.tax_percent, row.reverse_charge)
        } else {
            adds_up && of_lines != tax.base.to_fixed().ok()
        };
        if is_off {
            let text = format!(
                "its tax: {} on {} is stored, but the document is at {} % (reverse charge: {}) and its lines at that rate come to {}",
                tax.rate.label(),
                tax.base.plain(),
                row.tax_percent,
                row.reverse_charge,
                of_lines.unwrap_or_default()
            );
            findings.push(Finding::new(1, subject.clone(), text));
        }
    }
    if let Some(text) = wrong_due_day(row) {
        findings.push(Finding::new(1, subject, text));
    }
    Ok(findings)
}

/// The last day to pay follows from the day of issue. Where nothing is due there is none; earlier releases gave one to every
/// document.
fn wrong_due_day(row: &invoice::Model) -> Option<String> {
    let right = row
        .issued_on
        .and_then(last_day_to_pay)
        .filter(|_| row.state.is_issued());
    let wrong = match row.due_on {
        Some(due) => Some(due) != right,
        None => right.is_some() && row.amount_due().is_positive(),
    };
    let shown = |day: Option<NaiveDate>| day.map_or_else(|| "none".to_owned(), |day| day.to_string());
    wrong.then(|| {
        format!(
            "the last day to pay: {} is stored, {} is right",
            shown(row.due_on),
            shown(right)
        )
    })
}

/// Each line's amount, computed again from its derivation.
async fn lines(core: &Core, rates: &Rates) -> Result<Vec<Finding>, DbErr> {
    let schemes = schemes(core).await?;
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
            let mut expect = |holds: bool, stored: &dyn std::fmt::Display| {
                if !holds {
                    let text = format!(
                        "{}: {stored} is stored, but {}",
                        row.description,
                        derivation.sentence()
                    );
                    findings.push(Finding::new(1, format!("invoice line {}", row.id), text));
                }
            };
            expect(amount == Some(row.amount), &row.amount);
            let quantity = derivation.weighted_quantity().ok();
            expect(
                quantity == Some(row.quantity),
                &format_args!("a quantity of {}", row.quantity),
            );
            let scheme = schemes.get(&row.price_version);
            let each = match (row.unit_price, scheme.and_then(PriceScheme::unit_price)) {
                (Some(price), _) => derivation.charges_each(price),
                // A line at one price for every unit says it.
                (None, Some(price)) => !derivation.charges_each(price),
                (None, None) => true,
            };
            let price = row
                .unit_price
                .map_or_else(|| "no".to_owned(), |price| price.to_string());
            expect(each, &format_args!("{price} unit price"));
            expect(
                derivation.unit == row.unit,
                &format_args!("the unit “{}”", row.unit),
            );
            findings.extend(other_tax(&row, rates));
            if scheme.is_some_and(|scheme| !is_priced_by(derivation, scheme)) {
                let text = format!(
                    "{}: {}, which is not its price",
                    row.description,
                    derivation.sentence()
                );
                findings.push(Finding::new(1, format!("invoice line {}", row.id), text));
            }
        }
    }
}

/// A line has the tax of its document, or says that it has that of what it corrects.
fn other_tax(row: &invoice_item::Model, rates: &Rates) -> Option<Finding> {
    let own = &row.tax.as_ref()?.0;
    let of_document = rates.get(&row.invoice_id)?;
    let same = (own.charged_percent(), own.reverse_charge) == *of_document;
    (!same && !row.description.ends_with(&as_billed_then(own))).then(|| {
        let (percent, reverse) = of_document;
        let text = format!(
            "{}: it is taxed with {}, but its document is at {percent} % (reverse charge: {reverse})",
            row.description,
            own.label()
        );
        Finding::new(1, format!("invoice line {}", row.id), text)
    })
}

/// Whether use was charged by this price. What else there is is computed once more as a whole (`issued`).
fn is_priced_by(derivation: &Derivation, scheme: &PriceScheme) -> bool {
    let charged = |quantity| scheme.charge(quantity).map(|charge| charge.steps);
    derivation.formula != Formula::Usage
        || derivation
            .segments
            .iter()
            .all(|segment| charged(segment.quantity).is_ok_and(|steps| steps == segment.steps))
}

/// Prices by version.
async fn schemes(core: &Core) -> Result<HashMap<String, PriceScheme>, DbErr> {
    let rows = plan_price::Entity::find().all(core.read()).await?;
    let priced = |row: plan_price::Model| row.price().map(|price| (price.version, price.scheme));
    rows.into_iter().map(priced).collect()
}

/// An invoice as people know it.
pub(super) fn name(row: &invoice::Model) -> String {
    match &row.number {
        Some(number) => format!("invoice {number}"),
        None => format!("open invoice {} of {}", row.id, row.month),
    }
}
