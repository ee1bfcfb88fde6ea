//! What a change adds to terms that are ordered already and begin later. Such a term is owed on its first day, for the limit
//! that holds then: so whoever changes a limit, or the plan, changes what each of them comes to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::life::{Side, quantity};
use super::parts::Draft;
use super::{PricedComponent, QuoteError};
use crate::fixed::Fixed;
use crate::period::{DateRange, Month};
use crate::pricing::schedule::differences;
use crate::pricing::{Line, Price, PricingError};

/// A term that is ordered already and has not begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LaterTerm {
    /// Its days.
    pub days: DateRange,
    /// The limits for which it is owed without the order, by component code.
    pub limits: BTreeMap<String, Fixed>,
    /// What a component costs in it without the order, by code.
    pub prices_before: BTreeMap<String, Price>,
    /// What a component costs in it with the order, by code: the same, unless the plan is switched.
    pub prices: BTreeMap<String, Price>,
}

impl Draft<'_> {
    /// What the order adds to the terms that follow (negative where it takes something off), each with the month on whose
    /// invoice it stands. Amounts in another currency are left out, since they are on other documents.
    pub(super) fn later_terms(&self) -> Result<Vec<(Month, Line)>, QuoteError> {
        let mut added = Vec::new();
        if !self.is_change() {
            return Ok(added);
        }
        for term in &self.request.later_terms {
            let (left, side) = (self.left(), self.side());
            let before = if left.currency == side.currency {
                owed(&left, term, &term.prices_before, &term.limits)?
            } else {
                Vec::new()
            };
            let after = owed(&side, term, &term.prices, self.limits)?;
            let month = Month::containing(term.days.start);
            added.extend(
                differences(&after, &before)?
                    .into_iter()
                    .map(|line| (month, line)),
            );
        }
        Ok(added)
    }
}

/// What a term comes to in a plan.
fn owed(
    side: &Side<'_>,
    term: &LaterTerm,
    prices: &BTreeMap<String, Price>,
    limits: &BTreeMap<String, Fixed>,
) -> Result<Vec<Line>, PricingError> {
    let line = |component: &PricedComponent| {
        let limit = quantity(component, limits);
        let price = prices.get(&component.terms.code).filter(|_| !limit.is_zero())?;
        Some(side.charged(component).prepaid(price, limit, term.days))
    };
    let prepaid = side.components.iter().filter(|component| component.terms.prepaid);
    prepaid.filter_map(line).collect()
}
