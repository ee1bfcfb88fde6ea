//! A document before it has a number: lines in printed order and their sums, by currency.

use chrono::{DateTime, Utc};
use entity::invoice_item::{self, StoredDerivation, StoredTax};
use model::{
    ComponentId, Currency, InvoiceId, InvoiceItemId, Money, PlanVersionId, PriceAtFault, PriceId, TaxRate,
    Totals, document_totals,
};
use uuid::Uuid;

use super::BillingError;
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
    pub(crate) totals: Totals,
    /// Without ids, which are given when the lines are written.
    pub(crate) items: Vec<invoice_item::Model>,
}

/// What everything in `inputs` comes to, one draft per currency.
pub(crate) fn drafts(inputs: &BillingInputs, now: DateTime<Utc>) -> Result<Vec<Draft>, BillingError> {
    let rate = inputs.tax();
    let mut by_currency: Vec<(Currency, Vec<(invoice_item::Model, TaxRate)>)> = Vec::new();
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
            let item = (item(inputs, resource, &due, &rate)?, due.tax.clone());
            match place.and_then(|place| by_currency.get_mut(place)) {
                Some((_, items)) => items.push(item),
                None => by_currency.push((due.currency, vec![item])),
            }
        }
    }
    by_currency.sort_by_key(|(currency, _)| currency.code());
    by_currency
        .into_iter()
        .map(|(currency, items)| draft(&rate, currency, items))
        .collect()
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
    rate: &TaxRate,
    currency: Currency,
    mut items: Vec<(invoice_item::Model, TaxRate)>,
) -> Result<Draft, BillingError> {
    for (position, (item, _)) in (1..).zip(&mut items) {
        item.position = position;
    }
    let amounts: Vec<_> = items
        .iter()
        .map(|(item, tax)| (Money::from_fixed(item.amount, currency), tax))
        .collect();
    let totals = document_totals(currency, &amounts).map_err(BillingError::TooLarge)?;
    Ok(Draft {
        currency,
        rate: rate.clone(),
        totals,
        items: items.into_iter().map(|(item, _)| item).collect(),
    })
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
        amount: line
            .amount
            .to_fixed()
            .map_err(|fault| BillingError::TooLarge(fault.into()))?,
        from_day: due.days.start,
        until_day: due.days.end,
        price_version: line.price_version.clone(),
        derivation: StoredDerivation(line.derivation.clone()),
        tax: Some(StoredTax(due.tax.clone())),
    })
}
