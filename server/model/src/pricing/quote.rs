//! A quote: what an order will cost, line by line, before it is placed. The browser computes it while the buyer types,
//! the server computes it again when the order is placed and freezes the result.

mod parts;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{ChargeType, ComponentTerms, Line, Price, PricingError, TaxRate, Totals};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::period::{BillingPeriod, DateRange, Month, Proration};
use crate::problem::{FieldFault, Kind, Problem};
use crate::text_enum;

text_enum! {
    /// What the quote is for: which fees apply, and whether limits are billed whole or by their difference.
    #[derive(Default)]
    Occasion {
        /// A resource is ordered.
        #[default]
        Create = "create", "Order";
        /// Its limits are changed.
        ChangeLimits = "change_limits", "Change of limits";
        /// It moves to this plan.
        SwitchPlan = "switch_plan", "Switch of plan";
        /// Its term is extended.
        Renew = "renew", "Renewal";
    }
}

/// A component as a plan sells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PricedComponent {
    /// Its terms.
    pub terms: ComponentTerms,
    /// Its price in the plan.
    pub price: Price,
    /// Units that the plan includes: of fixed amounts and of one-time and switching fees.
    pub amount: Fixed,
}

/// Everything a quote depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuoteRequest {
    /// What is ordered.
    #[serde(default)]
    pub occasion: Occasion,
    /// Currency of the plan.
    pub currency: Currency,
    /// How often the plan charges.
    pub every: BillingPeriod,
    /// How parts of a period are charged.
    pub proration: Proration,
    /// Charged once when a resource is created.
    pub setup_fee: Fixed,
    /// First days that are free.
    pub trial_days: u32,
    /// What the plan sells.
    pub components: Vec<PricedComponent>,
    /// What the buyer chose, by component code.
    pub limits: BTreeMap<String, Fixed>,
    /// What is billed already, for changes; empty on creation.
    #[serde(default)]
    pub previous_limits: BTreeMap<String, Fixed>,
    /// First day, in the billing time zone.
    pub start: NaiveDate,
    /// The day after the last, where the buyer chose an end.
    pub end: Option<NaiveDate>,
    /// Tax that the buyer will be charged.
    pub tax: TaxRate,
}

/// Lines that are billed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotePart {
    /// The lines.
    pub lines: Vec<Line>,
    /// Their sums with tax.
    pub totals: Totals,
}

/// A component that is billed by what will be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageNote {
    /// Code of the component.
    pub component: String,
    /// Its name.
    pub name: String,
    /// `0.05 EUR per CPU-hour, billed by use`.
    pub text: String,
}

/// What the order will cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Currency of all amounts.
    pub currency: Currency,
    /// The first day that is charged: the start, or the day after the trial.
    pub billed_from: NaiveDate,
    /// Fees, limits over the whole life and prepaid terms: billed once.
    pub one_time: QuotePart,
    /// The first period, prorated, with everything that is billed once.
    pub first_invoice: QuotePart,
    /// A full calendar month; of what is billed by the quarter or year, its monthly part.
    pub full_month: QuotePart,
    /// What comes on top by use.
    pub usage: Vec<UsageNote>,
    /// What a buyer should know about these figures.
    pub notes: Vec<String>,
}

/// Why there is no quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// Limits that cannot be ordered, each with its field `limits.<code>`.
    #[error("some amounts cannot be ordered")]
    Limits(Vec<FieldFault>),
    /// Prepaid needs to know for how long.
    #[error("choose an end date: this plan is paid up front for the whole term")]
    MissingEndDate,
    /// The end is not after the start.
    #[error("the end date must be after the start date")]
    EndBeforeStart,
    /// The price cannot be computed.
    #[error(transparent)]
    Pricing(#[from] PricingError),
}

impl From<QuoteError> for Problem {
    fn from(error: QuoteError) -> Self {
        let detail = error.to_string();
        let end = |code: &str| Self::invalid(vec![FieldFault::at("end", code, sentence(&detail))]);
        match error {
            QuoteError::Limits(faults) => Self::invalid(faults),
            QuoteError::MissingEndDate => end("required"),
            QuoteError::EndBeforeStart => end("out_of_range"),
            QuoteError::Pricing(_) => Self::plain(Kind::Invalid, "no_price", sentence(&detail)),
        }
    }
}

/// An error's text as a sentence on a page.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// The quote of a draft. All faulty limits are reported at once.
pub fn quote(request: &QuoteRequest) -> Result<Quote, QuoteError> {
    let limits = chosen_limits(request).map_err(QuoteError::Limits)?;
    let trial = if request.occasion == Occasion::Create {
        request.trial_days
    } else {
        0
    };
    let billed_from = request
        .start
        .checked_add_days(Days::new(trial.into()))
        .ok_or(PricingError::InvalidPeriod)?;
    if request.end.is_some_and(|end| end <= request.start) {
        return Err(QuoteError::EndBeforeStart);
    }
    let draft = parts::Draft {
        request,
        limits: &limits,
        billed_from,
    };
    let one_time = draft.one_time()?;
    let mut first = draft.first_periods()?;
    first.extend(one_time.iter().cloned());
    Ok(Quote {
        currency: request.currency,
        billed_from,
        one_time: draft.part(one_time)?,
        first_invoice: draft.part(first)?,
        full_month: draft.part(draft.full_month()?)?,
        usage: words::usage_notes(request),
        notes: words::notes(request, billed_from),
    })
}

/// The limits to charge: what was chosen, or the component's default.
fn chosen_limits(request: &QuoteRequest) -> Result<BTreeMap<String, Fixed>, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut limits = BTreeMap::new();
    let limited = || {
        request
            .components
            .iter()
            .map(|component| &component.terms)
            .filter(|terms| is_limited(terms))
    };
    for terms in limited() {
        match chosen_limit(terms, request) {
            Ok(limit) => drop(limits.insert(terms.code.clone(), limit)),
            Err(fault) => faults.push(fault),
        }
    }
    let known: BTreeSet<&str> = limited().map(|terms| terms.code.as_str()).collect();
    for code in request
        .limits
        .keys()
        .filter(|code| !known.contains(code.as_str()))
    {
        faults.push(FieldFault::at(
            limit_path(code),
            "unknown",
            "This plan has no such limit. Remove it.",
        ));
    }
    if faults.is_empty() {
        Ok(limits)
    } else {
        Err(faults)
    }
}

fn chosen_limit(terms: &ComponentTerms, request: &QuoteRequest) -> Result<Fixed, FieldFault> {
    let path = || limit_path(&terms.code);
    let chosen = request.limits.get(&terms.code).copied().or(terms.default);
    let Some(limit) = chosen else {
        let message = format!(
            "Enter how much {} you want, in {}.",
            terms.name,
            super::unit_word(&terms.unit, Fixed::ZERO)
        );
        return Err(FieldFault::at(path(), "required", message));
    };
    terms
        .check_limit(limit)
        .map_err(|fault| FieldFault::at(path(), fault.code(), fault.to_string()))?;
    Ok(limit)
}

fn limit_path(code: &str) -> String {
    // The code comes from outside when it is unknown; an answer should not carry megabytes back.
    format!("limits.{}", code.chars().take(50).collect::<String>())
}

fn is_limited(terms: &ComponentTerms) -> bool {
    terms.charge == ChargeType::Limit
}

/// The first calendar month that is charged from its first day.
fn full_month_after(billed_from: NaiveDate) -> DateRange {
    let month = Month::containing(billed_from);
    if month.first_day() == billed_from {
        month.range()
    } else {
        month.next().range()
    }
}
