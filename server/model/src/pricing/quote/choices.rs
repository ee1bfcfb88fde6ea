//! What the buyer chose: limits, and the use that is expected. All faults are told at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Occasion, QuoteRequest};
use crate::fixed::Fixed;
use crate::pricing::{ChargeType, ComponentTerms, ExpectedUse, unit_word};
use crate::problem::FieldFault;

/// The amounts to charge and to estimate, by component code.
pub(super) struct Chosen {
    pub(super) limits: BTreeMap<String, Fixed>,
    pub(super) expected: BTreeMap<String, Fixed>,
}

impl Chosen {
    /// What was chosen, or the components' defaults.
    pub(super) fn of(request: &QuoteRequest) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let mut chosen = Self {
            limits: BTreeMap::new(),
            expected: BTreeMap::new(),
        };
        for terms in terms_where(request, is_limited) {
            match limit(terms, request) {
                Ok(None) => {}
                Ok(Some(limit)) => drop(chosen.limits.insert(terms.code.clone(), limit)),
                Err(fault) => faults.push(fault),
            }
        }
        let is_said_anew = request.occasion == Occasion::Create;
        for terms in terms_where(request, is_asked) {
            let said = if is_said_anew {
                expected(terms, request)
            } else {
                // Said when the resource was ordered: what is asked today does not stand in the way of a change.
                Ok(request.expected.get(&terms.code).copied())
            };
            match said {
                Ok(None) => {}
                Ok(Some(quantity)) => drop(chosen.expected.insert(terms.code.clone(), quantity)),
                Err(fault) => faults.push(fault),
            }
        }
        let limited: BTreeSet<&str> = terms_where(request, is_limited).map(code).collect();
        let asked: BTreeSet<&str> = terms_where(request, is_asked).map(code).collect();
        let unknown = |chosen: &BTreeMap<String, Fixed>, known: &BTreeSet<&str>, field, message: &str| {
            let strange = chosen.keys().filter(|code| !known.contains(code.as_str()));
            let fault = |code: &String| FieldFault::at(path(field, code), "unknown", message);
            strange.map(fault).collect::<Vec<_>>()
        };
        let no_limit = "This plan has no such limit. Remove it.";
        faults.extend(unknown(&request.limits, &limited, "limits", no_limit));
        if is_said_anew {
            let not_asked = "Expected use of this is not asked for. Remove it.";
            faults.extend(unknown(&request.expected, &asked, "expected_use", not_asked));
        }
        if faults.is_empty() {
            Ok(chosen)
        } else {
            Err(faults)
        }
    }
}

fn terms_where(
    request: &QuoteRequest,
    wanted: fn(&ComponentTerms) -> bool,
) -> impl Iterator<Item = &ComponentTerms> {
    request
        .components
        .iter()
        .map(|component| &component.terms)
        .filter(move |terms| wanted(terms))
}

fn code(terms: &ComponentTerms) -> &str {
    &terms.code
}

fn is_limited(terms: &ComponentTerms) -> bool {
    terms.charge == ChargeType::Limit
}

fn is_asked(terms: &ComponentTerms) -> bool {
    terms.charge == ChargeType::Usage && terms.expected_use != ExpectedUse::Off
}

/// None of a component that came after the resource, until a limit of it is chosen.
fn limit(terms: &ComponentTerms, request: &QuoteRequest) -> Result<Option<Fixed>, FieldFault> {
    let path = || path("limits", &terms.code);
    let held = request.previous_limits.get(&terms.code).copied();
    let is_new = request.occasion == Occasion::Create;
    let start = if is_new { terms.default } else { held };
    let Some(limit) = request.limits.get(&terms.code).copied().or(start) else {
        if !is_new {
            return Ok(None);
        }
        let message = format!(
            "Enter the amount of “{}” that you want, in {}.",
            terms.name,
            unit_word(&terms.unit, Fixed::ZERO)
        );
        return Err(FieldFault::at(path(), "required", message));
    };
    terms
        .check_change(held, limit)
        .map_err(|fault| FieldFault::at(path(), fault.code(), fault.to_string()))?;
    Ok(Some(limit))
}

fn expected(terms: &ComponentTerms, request: &QuoteRequest) -> Result<Option<Fixed>, FieldFault> {
    let fault = |code, message| FieldFault::at(path("expected_use", &terms.code), code, message);
    let unit = unit_word(&terms.unit, Fixed::ZERO);
    let typed = request.expected.get(&terms.code).copied();
    let quantity = match (typed, terms.expected_use) {
        (Some(quantity), _) => quantity,
        (None, ExpectedUse::Required) => {
            let message = format!(
                "Enter what you expect to use of “{}” a month, in {unit}.",
                terms.name
            );
            return Err(fault("required", message));
        }
        (None, ExpectedUse::Default) => return Ok(terms.default),
        (None, ExpectedUse::Off | ExpectedUse::Optional) => return Ok(None),
    };
    if quantity.is_negative() {
        return Err(fault("too_small", "Enter 0 or more.".to_owned()));
    }
    if let Some(cap) = terms.max.filter(|cap| quantity > *cap) {
        let message = format!("At most {cap} {unit} can be used a month.");
        return Err(fault("too_large", message));
    }
    Ok(Some(quantity))
}

fn path(field: &str, code: &str) -> String {
    // The code comes from outside when it is unknown; an answer should not carry megabytes back.
    format!("{field}.{}", code.chars().take(50).collect::<String>())
}
