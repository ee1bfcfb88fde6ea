//! Prices and terms that are published when something is ordered and will reach it. What reaches it by its first day is quoted
//! as its price, since nothing else will ever be charged; what comes later is told, and the dearest month that it makes is
//! part of what is agreed to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::clock::local;
use super::parts::Draft;
use super::{PricedComponent, QuoteError, QuoteRequest};
use crate::fixed::Fixed;
use crate::money::Money;
use crate::pricing::{ChargeType, Line, PlanTerms, PriceScheme, PricingError, differing};

/// Up to when prices to come count where no end is known: a year, which is the longest that a plan charges for, from the day
/// on which it begins, for which it may wait thirty days for each of two sides.
const MONTHS_AHEAD: Months = Months::new(14);

/// A price or terms that are published and will reach what is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToCome {
    /// From when on; none: only with an order that binds anew, such as a renewal.
    pub from: Option<DateTime<Utc>>,
    /// The day of the seller to which that instant belongs: it counts where no clock of a buyer is known.
    pub day: Option<NaiveDate>,
    /// What comes.
    pub coming: Coming,
}

/// What comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Coming {
    /// A component at another price, or one that cost nothing until then.
    Price(Box<PricedComponent>),
    /// Other terms of the plan.
    Terms(PlanTerms),
}

impl Coming {
    /// Code of the component whose price comes.
    fn component(&self) -> Option<&str> {
        match self {
            Self::Price(priced) => Some(&priced.terms.code),
            Self::Terms(_) => None,
        }
    }

    /// It is the price of what is paid up front, which a term keeps as its order has bound it.
    fn is_paid_up_front(&self) -> bool {
        matches!(self, Self::Price(priced) if priced.terms.prepaid)
    }
}

/// A price, or terms that change how it is charged, that is published and will reach what is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceToCome {
    /// Component code of a price; none for the plan's terms.
    pub component: Option<String>,
    /// Name of the component, or "Terms".
    pub name: String,
    /// What it is until then; null where it costs nothing yet.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub now: String,
    /// What it will be: `€77.00 per seat`.
    pub then: String,
    /// Scheme and figures of a price; none for the plan's terms.
    pub price: Option<PriceScheme>,
    /// Whether some quantity costs more than until then.
    pub is_higher: bool,
    /// From when on; none: only with an order that binds anew, such as a renewal.
    pub from: Option<DateTime<Utc>>,
    /// The first day that is charged so, in the billing time zone.
    pub first_day: Option<NaiveDate>,
}

impl PriceToCome {
    /// `Seats: €77.00 per seat from 28 December 2026 (now €10.00 per seat).`
    pub(super) fn sentence(&self) -> String {
        let when = self.first_day.map_or_else(
            || "when it is renewed".to_owned(),
            |day| format!("from {}", day.format("%-d %B %Y")),
        );
        let now = if self.now.is_empty() { "nothing" } else { &self.now };
        format!("{}: {} {when} (now {now}).", self.name, self.then)
    }
}

/// The request with what reaches it by its first day in the place of what it has.
pub(super) fn on_first_day(request: &QuoteRequest) -> Cow<'_, QuoteRequest> {
    let has_come = |one: &ToCome| {
        let day = request.day_of(one).filter(|_| !one.coming.is_paid_up_front());
        day.is_some_and(|day| day <= request.start)
    };
    if !request.to_come.iter().any(has_come) {
        return Cow::Borrowed(request);
    }
    let (come, to_come) = request.to_come.iter().cloned().partition::<Vec<_>, _>(has_come);
    let mut begun = request.clone();
    for one in &come {
        begun.have(&one.coming);
    }
    begun.to_come = to_come;
    Cow::Owned(begun)
}

/// What is to be told of what comes: not what is paid once when it begins, nor what comes after its end, unless it can be
/// renewed.
pub(super) fn told(request: &QuoteRequest) -> Vec<PriceToCome> {
    let mut held = Cow::Borrowed(request);
    let mut told: Vec<PriceToCome> = Vec::new();
    let has_terms = request.components.iter().any(|one| one.terms.prepaid);
    for one in &request.to_come {
        let first_day = request.day_of(one);
        let is_after = first_day.zip(request.end).is_some_and(|(day, end)| end <= day);
        if is_after && !has_terms {
            continue;
        }
        // What is paid up front is paid, and what comes after a term comes with the next: of several the last counts.
        let waits = is_after || one.coming.is_paid_up_front();
        let when = (one.from.filter(|_| !waits), first_day.filter(|_| !waits));
        let words = match &one.coming {
            Coming::Price(priced) => price_words(&held, priced, when),
            Coming::Terms(terms) => terms_words(&held, terms, when),
        };
        if waits {
            let component = one.coming.component();
            told.retain(|before| before.from.is_some() || before.component.as_deref() != component);
        } else {
            held.to_mut().have(&one.coming);
        }
        told.extend(words);
    }
    told.sort_by_key(|one| (one.from.is_none(), one.from));
    told
}

/// From when on, and the first day that is charged so.
type When = (Option<DateTime<Utc>>, Option<NaiveDate>);

fn price_words(
    held: &QuoteRequest,
    priced: &PricedComponent,
    (from, first_day): When,
) -> Option<PriceToCome> {
    let (terms, scheme) = (&priced.terms, &priced.price.scheme);
    let before = held.components.iter().find(|one| one.terms.code == terms.code);
    // Of a limit that had no price, one of nothing was made.
    let before = before.filter(|one| !one.price.version.is_empty());
    let before = before.map(|one| &one.price.scheme);
    if terms.charge == ChargeType::OneTime || before == Some(scheme) {
        return None;
    }
    let words = |scheme: &PriceScheme| scheme.describe(&terms.unit, held.currency);
    Some(PriceToCome {
        component: Some(terms.code.clone()),
        name: terms.name.clone(),
        now: before.map(words).unwrap_or_default(),
        then: words(scheme),
        price: Some(scheme.clone()),
        is_higher: before.is_none_or(|before| !scheme.is_lower_than(before)),
        from,
        first_day,
    })
}

fn terms_words(held: &QuoteRequest, terms: &PlanTerms, (from, first_day): When) -> Option<PriceToCome> {
    let before = PlanTerms {
        billing_period: held.every,
        charge_mode: held.mode,
        proration: held.proration,
        ..*terms
    };
    let (now, then) = differing(before.charging(), terms.charging())?;
    Some(PriceToCome {
        component: None,
        name: "Terms".into(),
        now,
        then,
        price: None,
        is_higher: false,
        from,
        first_day,
    })
}

impl QuoteRequest {
    /// The first day that is charged at what comes: a day counts as it is at its end.
    fn day_of(&self, one: &ToCome) -> Option<NaiveDate> {
        let from = one.from?;
        local(&self.clock, from).map(|local| local.date()).or(one.day)
    }

    /// It comes. What is paid up front stays at the price that is bound.
    fn have(&mut self, coming: &Coming) {
        match coming {
            Coming::Price(priced) => {
                let code = &priced.terms.code;
                match self.components.iter_mut().find(|one| one.terms.code == *code) {
                    Some(held) if held.terms.prepaid => {}
                    Some(held) => held.price = priced.price.clone(),
                    None => self.components.push(PricedComponent::clone(priced)),
                }
            }
            Coming::Terms(terms) => {
                self.every = terms.billing_period;
                self.proration = terms.proration;
                self.mode = terms.charge_mode;
                self.setup_fee = terms.setup_fee;
            }
        }
    }

    /// Whether it reaches what is ordered while that is had, as far as anybody agrees to it now.
    fn is_agreed_to(&self, one: &ToCome) -> bool {
        let until = self.end.or_else(|| self.start.checked_add_months(MONTHS_AHEAD));
        let day = self.day_of(one);
        day.is_some_and(|day| until.is_none_or(|until| day < until))
    }
}

impl Draft<'_> {
    /// The largest full month, with what is expected, of those at prices to come; none where none is larger than `most`.
    pub(super) fn dearest_month(
        &self,
        mut most: Money,
        expected: &BTreeMap<String, Fixed>,
    ) -> Result<Option<Vec<Line>>, QuoteError> {
        let agreed = || {
            self.request
                .to_come
                .iter()
                .filter(|one| self.request.is_agreed_to(one))
        };
        let mut ahead = self.request.clone();
        let mut dearest = None;
        for (index, one) in agreed().enumerate() {
            ahead.have(&one.coming);
            // What comes at one instant comes together.
            if agreed()
                .nth(index.saturating_add(1))
                .is_some_and(|next| next.from == one.from)
            {
                continue;
            }
            let draft = Draft {
                request: &ahead,
                limits: self.limits,
            };
            let mut lines = draft.full_month()?;
            lines.extend(draft.expected(expected)?);
            let amounts = lines.iter().map(|line| line.amount);
            let sum = Money::sum(ahead.currency, amounts).map_err(PricingError::from)?;
            if sum.amount > most.amount {
                (most, dearest) = (sum, Some(lines));
            }
        }
        Ok(dearest)
    }
}
