//! What a buyer should read next to the figures of a quote.

use std::collections::BTreeMap;

use super::{LaterTerm, Occasion, PriceToCome, PricedComponent, Quote, QuoteRequest, UsageNote};
use crate::fixed::Fixed;
use crate::money::Money;
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, Month, Proration};
use crate::pricing::{ChargeType, Formula, Line};

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

/// Notes on prices to come, the first invoice, the first month, longer periods and later fees.
pub(super) fn notes(request: &QuoteRequest, quote: &Quote) -> Vec<String> {
    let mut notes: Vec<String> = quote.prices_to_come.iter().map(PriceToCome::sentence).collect();
    if request.occasion == Occasion::Create {
        notes.extend(first_invoice_note(request, quote));
        notes.extend(first_month_note(request));
    }
    notes.extend(term_note(request));
    notes.extend(paid_already_note(request));
    let later = request.later_terms.iter();
    notes.extend(later.filter_map(|term| later_term_note(request, quote, term)));
    for component in &request.components {
        notes.extend(component_note(request, component));
    }
    if quote.expected.is_some() {
        notes.push("What you expect to use is an estimate: what is used is billed.".into());
    }
    if let Some(left) = &request.previous
        && left.currency != request.currency
    {
        notes.push(format!(
            "Until today you are billed in {}, on an invoice of its own.",
            left.currency
        ));
    }
    if request.tax.reverse_charge {
        notes.push("Reverse charge: you account for the tax yourself.".into());
    }
    notes
}

/// Said where the first invoice is not the one of the month in which it starts.
fn first_invoice_note(request: &QuoteRequest, quote: &Quote) -> Option<String> {
    match quote.first_invoice_month {
        Some(month) if month == Month::containing(request.start) => None,
        Some(month) => Some(format!("The first invoice is the one for {}.", month.title())),
        None if quote.usage.is_empty() => None,
        None => Some("Only what is used is billed.".into()),
    }
}

/// For which days a term is paid: from its first day, or from the one on which it is carried out where that is later.
fn term_note(request: &QuoteRequest) -> Option<String> {
    let begins = matches!(request.occasion, Occasion::Create | Occasion::Renew);
    let is_prepaid = request.components.iter().any(|component| component.terms.prepaid);
    let last = request.end?.pred_opt().filter(|_| begins && is_prepaid)?;
    let late = if request.occasion == Occasion::Renew {
        "Where the provider has renewed it only later, the term begins on the day on which that is done, and nothing is billed for the days between."
    } else {
        "Where it is ready only later, the term begins on that day."
    };
    Some(format!(
        "Paid up front from {} to {}, the last day included. {late}",
        request.start.format("%-d %B %Y"),
        last.format("%-d %B %Y")
    ))
}

/// Said where less is had of what is paid up front for the term that runs.
fn paid_already_note(request: &QuoteRequest) -> Option<String> {
    let term = request.paid_term?;
    let is_lowered = |component: &PricedComponent| {
        let of = |limits: &BTreeMap<String, Fixed>| limits.get(&component.terms.code).copied();
        let (before, after) = (of(&request.previous_limits), of(&request.limits));
        component.terms.prepaid && before.zip(after).is_some_and(|(before, after)| after < before)
    };
    let last = term.end.pred_opt().unwrap_or(term.end);
    request.components.iter().any(is_lowered).then(|| {
        format!(
            "What is paid up front until {} is not given back; less is paid from the next term on.",
            last.format("%-d %B %Y")
        )
    })
}

/// A change reaches a term that is ordered already: how much more or less that will come to.
fn later_term_note(request: &QuoteRequest, quote: &Quote, term: &LaterTerm) -> Option<String> {
    let window = Some(term.days.window());
    let of_term = |line: &&Line| line.derivation.formula == Formula::Prepaid && line.window == window;
    let lines = quote.one_time.lines.iter().filter(of_term);
    let sum = Money::sum(request.currency, lines.map(|line| line.amount)).ok()?;
    let (amount, word) = if sum.is_negative() {
        (sum.negated(), "less")
    } else {
        (sum, "more")
    };
    (!sum.is_zero()).then(|| format!(
        "The term from {} is ordered already: when it begins, {amount} {word} is billed for it than without this change.",
        term.days.start.format("%-d %B %Y")
    ))
}

fn first_month_note(request: &QuoteRequest) -> Option<String> {
    let month = Month::containing(request.start);
    // A term that is paid up front is not charged month by month.
    let recurs = request
        .components
        .iter()
        .any(|one| one.terms.recurs_in(request.every));
    let partial = recurs && request.start > month.first_day() && request.every == BillingPeriod::Month;
    if !partial || request.proration == Proration::None {
        return None;
    }
    let from = request.start.format("%-d %B");
    let last = request.end.and_then(|end| end.pred_opt());
    let Some(last) = last else {
        return Some(format!(
            "The first month is charged from {from}; later months are charged in full."
        ));
    };
    let (until, last_month) = (last.format("%-d %B"), Month::containing(last));
    let ends_whole = last.succ_opt() == Some(last_month.next().first_day());
    Some(if last_month == month {
        format!("Only {from} to {until} is charged, of what a full month costs.")
    } else if last_month == month.next() && ends_whole {
        format!("The first month is charged from {from}; the second, which is the last, in full.")
    } else if last_month == month.next() {
        format!("The first month is charged from {from}, the second and last up to {until}.")
    } else if ends_whole {
        format!("The first month is charged from {from}; later months are charged in full.")
    } else {
        format!(
            "The first month is charged from {from}; later months are charged in full, the last up to {until}."
        )
    })
}

fn component_note(request: &QuoteRequest, component: &PricedComponent) -> Option<String> {
    let terms = &component.terms;
    let price = || component.price.scheme.describe(&terms.unit, request.currency);
    let months = if terms.recurs_in(request.every) {
        terms.every_in(request.every).months()
    } else {
        None
    };
    let when = match request.mode {
        ChargeMode::Advance => ", in advance",
        ChargeMode::Arrears => "",
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
                "{} is billed once a year{when}; the monthly figure is a twelfth.",
                terms.name
            )),
            count => Some(format!(
                "{} is billed every {count} months{when}; the monthly figure is the part of one.",
                terms.name
            )),
        },
    }
}
