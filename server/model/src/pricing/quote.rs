//! A quote: what an order will cost, line by line, before it is placed. The browser computes it while the buyer types,
//! the server computes it again when the order is placed and freezes the result.

mod choices;
mod clock;
mod commitment;
mod later_terms;
mod life;
mod notes;
mod parts;
mod sums;
mod to_come;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

pub use clock::ClockOffset;
pub use commitment::{COMMITMENT, LARGEST};
pub use later_terms::LaterTerm;
pub use to_come::{Coming, PriceToCome, ToCome};

use super::{ChargeType, ComponentTerms, Line, Price, PriceScheme, PricingError, TaxRate, Totals};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, DateRange, Month, Proration};
use crate::problem::{FieldFault, Kind, Problem, sentence};
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

/// A plan that a resource leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviousPlan {
    /// Currency of the plan.
    pub currency: Currency,
    /// How often it charges.
    pub every: BillingPeriod,
    /// How parts of a period are charged.
    pub proration: Proration,
    /// On which invoice a period stands.
    pub mode: ChargeMode,
    /// What it sells.
    pub components: Vec<PricedComponent>,
}

impl PricedComponent {
    /// A component at its price. Before its first price it costs nothing: then none, unless it is reserved, where there
    /// is an amount to choose.
    pub fn of(terms: ComponentTerms, price: Option<Price>) -> Option<Self> {
        let free = || Price {
            version: String::new(),
            scheme: PriceScheme::per_unit(Fixed::ZERO),
        };
        let price = price.or_else(|| (terms.charge == ChargeType::Limit).then(free))?;
        Some(Self {
            terms,
            price,
            amount: Fixed::ONE,
        })
    }
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
    /// On which invoice a period stands.
    pub mode: ChargeMode,
    /// Charged once when a resource is created.
    pub setup_fee: Fixed,
    /// What the plan sells.
    pub components: Vec<PricedComponent>,
    /// What the buyer chose, by component code.
    pub limits: BTreeMap<String, Fixed>,
    /// What is billed already, for changes; empty on creation.
    #[serde(default)]
    pub previous_limits: BTreeMap<String, Fixed>,
    /// The plan that is left by a switch; otherwise a change stays in this plan.
    #[serde(default)]
    pub previous: Option<PreviousPlan>,
    /// What the buyer expects to use a month, by component code.
    #[serde(default)]
    pub expected: BTreeMap<String, Fixed>,
    /// First day, in the billing time zone.
    pub start: NaiveDate,
    /// The time of that day; it counts where hours are counted.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "09:30:00"))]
    pub time: NaiveTime,
    /// The clock of the billing time zone around that day, the earliest offset first: hours are counted in UTC. Without it,
    /// clocks never change.
    #[serde(default)]
    pub clock: Vec<ClockOffset>,
    /// The day after the last, where the buyer chose an end.
    pub end: Option<NaiveDate>,
    /// Of a change: the term that runs, which is paid up front.
    #[serde(default)]
    pub paid_term: Option<DateRange>,
    /// Of a change: the terms that are ordered already and begin after the one that runs, the first one first.
    #[serde(default)]
    pub later_terms: Vec<LaterTerm>,
    /// Prices and terms of the plan that are published and will reach what is ordered, the next first.
    #[serde(default)]
    pub to_come: Vec<ToCome>,
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
    /// `€0.05 per CPU-hour, billed by use`.
    pub text: String,
}

/// What the order will cost. Of a change, what it adds: what stays as it was is not in the one-time part, nor on the first
/// invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Currency of all amounts.
    pub currency: Currency,
    /// The first day that is charged.
    pub billed_from: NaiveDate,
    /// Fees, limits over the whole life and prepaid terms: billed once.
    pub one_time: QuotePart,
    /// The first invoice that will be issued for it, without what is billed by use; empty where nothing else is charged.
    /// Of a change, what it adds to the first invoice that it changes.
    pub first_invoice: QuotePart,
    /// The month of that invoice.
    #[serde(default)]
    pub first_invoice_month: Option<Month>,
    /// A full calendar month; of what is billed by the quarter or year, its monthly part.
    pub full_month: QuotePart,
    /// Of a change, what it adds to a full month; `None` for a new resource, and where the currency changes.
    #[serde(default)]
    pub added_month: Option<QuotePart>,
    /// What comes on top by use.
    pub usage: Vec<UsageNote>,
    /// An estimate: what the use that the buyer expects costs a month. `None` where none is expected.
    #[serde(default)]
    pub expected: Option<QuotePart>,
    /// Prices and terms that are published and will reach what is ordered after its first day, the next first. Empty in
    /// quotes made before they were told.
    #[serde(default)]
    pub prices_to_come: Vec<PriceToCome>,
    /// The largest full month with the use that is expected, at prices to come that reach it before it ends, or within
    /// fourteen months where no end is known. `None` where none is larger than at the prices of the first day.
    #[serde(default)]
    pub dearest_month: Option<QuotePart>,
    /// What is agreed to, net: the largest of a full month with the use that is expected, now and at prices to come, the first
    /// invoice, and everything that is billed once. `None` in quotes made before commitments were.
    #[serde(default)]
    pub commitment: Option<Money>,
    /// What a buyer should know about these figures.
    pub notes: Vec<String>,
}

impl Quote {
    /// Whether anything is charged again and again, besides what is used.
    pub fn recurs(&self) -> bool {
        !self.full_month.lines.is_empty()
    }

    /// The first day on which a price is charged that is higher than it was; `None` where none is published, or only another
    /// order brings it.
    pub fn higher_price_from(&self) -> Option<NaiveDate> {
        let higher = self.prices_to_come.iter().filter(|one| one.is_higher);
        higher.filter_map(|one| one.first_day).min()
    }

    /// Of a change, whether a full month comes to something else than before, also where nothing recurs any more.
    pub fn changes_a_month(&self) -> bool {
        self.added_month
            .as_ref()
            .is_some_and(|part| !part.lines.is_empty())
    }

    /// Whether the buyer owes the tax, so that none is in any of the sums.
    pub fn is_reverse_charge(&self) -> bool {
        let parts = [&self.one_time, &self.first_invoice, &self.full_month];
        let others = [&self.added_month, &self.expected].into_iter().flatten();
        let mut taxes = parts
            .into_iter()
            .chain(others)
            .flat_map(|part| &part.totals.taxes);
        taxes.any(|tax| tax.rate.reverse_charge)
    }

    /// What is agreed to, net. Of a quote that was made before commitments were, the larger of a full month and the first
    /// invoice.
    pub fn committed(&self) -> Money {
        let (month, first) = (self.full_month.totals.net, self.first_invoice.totals.net);
        let larger = if first.amount > month.amount { first } else { month };
        self.commitment.unwrap_or(larger)
    }
}

/// Why there is no quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// Amounts that cannot be ordered, each with its field `limits.<code>` or `expected_use.<code>`.
    #[error("some amounts cannot be ordered")]
    Limits(Vec<FieldFault>),
    /// Prepaid needs to know for how long.
    #[error("choose for how many months: this plan is paid up front for the whole term")]
    MissingTerm,
    /// The end is not after the start.
    #[error("the last day must not be before the first day")]
    EndBeforeStart,
    /// No document could hold the amounts, together with others.
    #[error("this would cost more than {} at once, which no invoice can hold: order less", Money::new(LARGEST.into(), *.0))]
    TooLarge(Currency),
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
            QuoteError::MissingTerm => {
                Self::invalid(vec![FieldFault::at("term_months", "required", sentence(&detail))])
            }
            QuoteError::EndBeforeStart => end("out_of_range"),
            QuoteError::TooLarge(_) => Self::plain(Kind::Invalid, "order_too_large", sentence(&detail)),
            QuoteError::Pricing(_) => Self::plain(Kind::Invalid, "no_price", sentence(&detail)),
        }
    }
}

/// The quote of a draft. All faulty amounts are reported at once; refused without an end where something is paid up front,
/// and where the amounts are larger than documents can hold.
pub fn quote(request: &QuoteRequest) -> Result<Quote, QuoteError> {
    let chosen = choices::Chosen::of(request).map_err(QuoteError::Limits)?;
    if request.end.is_some_and(|end| end <= request.start) {
        return Err(QuoteError::EndBeforeStart);
    }
    let on_first_day = to_come::on_first_day(request);
    let request = on_first_day.as_ref();
    let draft = parts::Draft {
        request,
        limits: &chosen.limits,
    };
    let mut one_time = draft.one_time()?;
    let later = draft.later_terms()?;
    let (first_month, first) = draft.first_invoice(&one_time, &later)?;
    one_time.extend(later.into_iter().map(|(_, line)| line));
    let added = draft.added_month()?;
    let expected = draft.expected(&chosen.expected)?;
    let mut quote = Quote {
        currency: request.currency,
        billed_from: request.start,
        one_time: draft.part(one_time)?,
        first_invoice: draft.part(first)?,
        first_invoice_month: first_month,
        full_month: draft.part(draft.full_month()?)?,
        added_month: added.map(|lines| draft.part(lines)).transpose()?,
        usage: notes::usage_notes(request),
        expected: (!expected.is_empty()).then(|| draft.part(expected)).transpose()?,
        prices_to_come: to_come::told(request),
        dearest_month: None,
        commitment: None,
        notes: Vec::new(),
    };
    let dearest = draft.dearest_month(commitment::month(&quote)?, &chosen.expected)?;
    quote.dearest_month = dearest.map(|lines| draft.part(lines)).transpose()?;
    quote.commitment = Some(commitment::of(&quote)?);
    commitment::check_size(&quote)?;
    quote.notes = notes::notes(request, &quote);
    Ok(quote)
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
