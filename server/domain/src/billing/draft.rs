//! A document before it has a number: lines in printed order and their sums, by currency.

use chrono::{DateTime, Utc};
use entity::invoice_item::{self, StoredDerivation, StoredTax};
use model::{
    ComponentId, Currency, Fixed, InvoiceId, InvoiceItemId, Money, PlanVersionId, PriceAtFault, PriceId,
    TaxRate, TaxTotal, document_totals,
};
use uuid::Uuid;

use super::error::{BillingError, LargestLine};
use super::inputs::{BilledResource, BillingInputs, Tariff};
use super::lines::{Due, Fault, ResourceMonth};
use crate::catalogue::PlanVersions;

/// How the description of a line ends that has another tax than its document: that of what it corrects.
pub(crate) fn as_billed_then(tax: &TaxRate) -> String {
    format!(", {} as billed then", tax.label())
}

/// The lines between a buyer and a provider in one currency.
pub(crate) struct Draft {
    pub(crate) currency: Currency,
    pub(crate) rate: TaxRate,
    pub(crate) net: Fixed,
    pub(crate) tax: Fixed,
    pub(crate) taxes: Vec<TaxTotal>,
    pub(crate) total: Fixed,
    /// Without ids, which are given when the lines are written.
    pub(crate) items: Vec<invoice_item::Model>,
}

/// A charge with whom it is of.
struct Charged<'a> {
    resource: &'a BilledResource,
    due: Due,
}

/// What everything in `inputs` comes to, one draft per currency. Refused where a charge cannot be computed, and with
/// [`BillingError::TooLargeBy`], which names the largest line, where lines or sums are beyond what can be stored.
pub(crate) fn drafts(inputs: &BillingInputs, now: DateTime<Utc>) -> Result<Vec<Draft>, BillingError> {
    let rate = inputs.tax();
    let mut by_currency: Vec<(Currency, Vec<Charged<'_>>)> = Vec::new();
    let mut resources: Vec<&BilledResource> = inputs.resources.iter().collect();
    resources.sort_by_key(|resource| {
        (
            &resource.project_name,
            resource.row.project_id,
            &resource.row.name,
            resource.row.id,
        )
    });
    for resource in resources {
        for due in dues_of(inputs, resource, now)? {
            let place = by_currency
                .iter()
                .position(|(currency, _)| *currency == due.currency);
            let currency = due.currency;
            let charged = Charged { resource, due };
            match place.and_then(|place| by_currency.get_mut(place)) {
                Some((_, all)) => all.push(charged),
                None => by_currency.push((currency, vec![charged])),
            }
        }
    }
    by_currency.sort_by_key(|(currency, _)| currency.code());
    by_currency
        .into_iter()
        .map(|(currency, charged)| {
            let drafted = draft(inputs, &rate, currency, &charged);
            drafted.map_err(|error| too_large_by(inputs, &charged, error))
        })
        .collect()
}

/// With the largest line, where sums are too large.
fn too_large_by(inputs: &BillingInputs, charged: &[Charged<'_>], error: BillingError) -> BillingError {
    let largest = charged.iter().max_by_key(|one| one.due.line.amount.amount.abs());
    match (error, largest) {
        (BillingError::TooLarge(_), Some(Charged { resource, due })) => {
            BillingError::TooLargeBy(Box::new(LargestLine {
                resource_id: resource.row.id,
                resource: resource.row.name.clone(),
                component: due.line.name.clone(),
                amount: due.line.amount,
                price: price_of_line(inputs, resource, due),
            }))
        }
        (error, _) => error,
    }
}

fn price_of_line(inputs: &BillingInputs, resource: &BilledResource, due: &Due) -> Option<PriceAtFault> {
    let tariff = inputs.tariffs.get(&resource.row.offering_id)?;
    let mut components = tariff.components.iter();
    let sold = components.find(|row| row.code == due.line.component)?;
    price_at_fault(resource, tariff, (sold.id, due.line.price_version.parse().ok()))
}

/// What one resource owes.
pub(crate) fn dues_of(
    inputs: &BillingInputs,
    resource: &BilledResource,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, BillingError> {
    let nothing = Tariff::default();
    let tariff = inputs.tariffs.get(&resource.row.offering_id).unwrap_or(&nothing);
    let month = ResourceMonth {
        resource,
        tariff,
        zone: &inputs.zone,
        taxes: &inputs.taxes,
        month: inputs.month,
        now,
    };
    month
        .dues(inputs)
        .map_err(|fault| refused(resource, tariff, fault))
}

fn refused(resource: &BilledResource, tariff: &Tariff, fault: Fault) -> BillingError {
    let name = resource.row.name.clone();
    match fault {
        Fault::Pricing(source) => BillingError::Unpriceable {
            resource: name,
            source,
            price: None,
        },
        Fault::Price {
            source,
            component,
            version,
        } => BillingError::Unpriceable {
            resource: name,
            source,
            price: price_at_fault(resource, tariff, (component, version)),
        },
        Fault::NoEndDate => BillingError::NoEndDate { resource: name },
    }
}

/// Where a price is corrected. Without its version that is the plan that the resource has.
fn price_at_fault(
    resource: &BilledResource,
    tariff: &Tariff,
    (component, version): (ComponentId, Option<PriceId>),
) -> Option<PriceAtFault> {
    let sold = tariff.components.iter().find(|row| row.id == component)?;
    let of_plan = |versions: &PlanVersions, id| {
        let prices = versions.prices.get(&component);
        prices.into_iter().flatten().any(|price| price.id == id)
    };
    let named = version.and_then(|id| tariff.plans.iter().find(|(_, plan)| of_plan(plan, id)));
    let present = || resource.spans.last().map(|span| span.plan);
    Some(PriceAtFault {
        offering_id: resource.row.offering_id,
        plan_id: named.map(|(plan, _)| *plan).or_else(present)?,
        component: sold.code.clone(),
        version: named.and(version).map(|id| PlanVersionId(id.0)),
    })
}

fn draft(
    inputs: &BillingInputs,
    rate: &TaxRate,
    currency: Currency,
    charged: &[Charged<'_>],
) -> Result<Draft, BillingError> {
    let mut items = Vec::with_capacity(charged.len());
    for (position, Charged { resource, due }) in (1..).zip(charged) {
        let item = item(inputs, resource, due, rate)?;
        items.push(invoice_item::Model { position, ..item });
    }
    let amounts: Vec<_> = items
        .iter()
        .zip(charged)
        .map(|(item, one)| (Money::from_fixed(item.amount, currency), &one.due.tax))
        .collect();
    let totals = document_totals(currency, &amounts).map_err(BillingError::TooLarge)?;
    Ok(Draft {
        currency,
        rate: rate.clone(),
        net: stored(totals.net)?,
        tax: stored(totals.tax)?,
        taxes: totals.taxes,
        total: stored(totals.total)?,
        items,
    })
}

/// An amount as a document keeps it.
fn stored(amount: Money) -> Result<Fixed, BillingError> {
    let fixed = amount.to_fixed();
    fixed.map_err(|fault| BillingError::TooLarge(fault.into()))
}

/// Empty where the component has none, as fees of the plan itself.
fn article_code(inputs: &BillingInputs, resource: &BilledResource, code: &str) -> String {
    let tariff = inputs.tariffs.get(&resource.row.offering_id);
    let components = tariff.into_iter().flat_map(|tariff| &tariff.components);
    let mut sold = components.filter(|component| component.code == code);
    sold.next()
        .map(|component| component.article_code.clone())
        .unwrap_or_default()
}

fn item(
    inputs: &BillingInputs,
    resource: &BilledResource,
    due: &Due,
    of_document: &TaxRate,
) -> Result<invoice_item::Model, BillingError> {
    let line = &due.line;
    let mut description = match due.late {
        Some(month) => format!("{}, change in use of {}", line.name, month.title()),
        None if due.correction && line.amount.amount.is_sign_negative() => {
            format!("{}, billed in advance, given back", line.name)
        }
        None if due.correction => format!("{}, change since it was billed in advance", line.name),
        None => line.name.clone(),
    };
    if due.tax != *of_document {
        description.push_str(&as_billed_then(&due.tax));
    }
    Ok(invoice_item::Model {
        id: InvoiceItemId(Uuid::nil()),
        invoice_id: InvoiceId(Uuid::nil()),
        position: 0,
        resource_id: Some(resource.row.id),
        resource_name: resource.row.name.clone(),
        project_id: Some(resource.row.project_id),
        project_name: resource.project_name.clone(),
        component: line.component.clone(),
        article_code: article_code(inputs, resource, &line.component),
        description,
        quantity: line.quantity,
        unit: line.unit.clone(),
        unit_price: line.unit_price,
        amount: stored(line.amount)?,
        from_day: due.days.start,
        until_day: due.days.end,
        price_version: line.price_version.clone(),
        derivation: StoredDerivation(line.derivation.clone()),
        tax: Some(StoredTax(due.tax.clone())),
    })
}
