//! What a buyer should read next to the figures of a quote.

use chrono::NaiveDate;

use super::{Occasion, PricedComponent, QuoteRequest, UsageNote};
use crate::period::{BillingPeriod, Month, Proration};
use crate::pricing::{ChargeType, counted};

/// One note per component that is billed by use.
pub(super) fn usage_notes(request: &QuoteRequest) -> Vec<UsageNote> {
    let by_use = |component: &&PricedComponent| component.terms.charge == ChargeType::Usage;
    let note = |component: &PricedComponent| {
        let price = component
            .price
            .scheme
            .describe(&component.terms.unit, request.currency);
        UsageNote {
            component: component.terms.code.clone(),
            name: component.terms.name.clone(),
            text: format!("{price}, billed by use"),
        }
    };
    request.components.iter().filter(by_use).map(note).collect()
}

/// Notes on trial, first month, longer periods and later fees.
pub(super) fn notes(request: &QuoteRequest, billed_from: NaiveDate) -> Vec<String> {
    let mut notes = Vec::new();
    if billed_from > request.start {
        let days = counted(request.trial_days.into(), "day");
        notes.push(format!(
            "The first {days} are free; you pay from {}.",
            billed_from.format("%-d %B %Y")
        ));
    }
    if let Some(note) = first_month_note(request, billed_from) {
        notes.push(note);
    }
    for component in &request.components {
        notes.extend(component_note(request, component));
    }
    if request.tax.reverse_charge {
        notes.push("Reverse charge: you account for the tax yourself.".into());
    }
    notes
}

fn first_month_note(request: &QuoteRequest, billed_from: NaiveDate) -> Option<String> {
    let month = Month::containing(billed_from);
    let partial = billed_from > month.first_day() && request.every == BillingPeriod::Month;
    if !partial || request.proration == Proration::None {
        return None;
    }
    let from = billed_from.format("%-d %B");
    Some(format!(
        "The first month is charged from {from}; later months are charged in full."
    ))
}

fn component_note(request: &QuoteRequest, component: &PricedComponent) -> Option<String> {
    let terms = &component.terms;
    let price = || component.price.scheme.describe(&terms.unit, request.currency);
    let months = match terms.charge {
        ChargeType::Limit if !terms.prepaid => terms.limit_period.billing().months(),
        ChargeType::Fixed => request.every.months(),
        _ => None,
    };
    match terms.charge {
        ChargeType::OnPlanSwitch
            if request.occasion == Occasion::Create && component.amount.is_positive() =>
        {
            Some(format!(
                "Switching to this plan later costs {} ({}).",
                price(),
                terms.name
            ))
        }
        _ => match months? {
            1 => None,
            12 => Some(format!(
                "{} is billed once a year; the monthly figure is a twelfth.",
                terms.name
            )),
            count => Some(format!(
                "{} is billed every {count} months; the monthly figure is the part of one.",
                terms.name
            )),
        },
    }
}
