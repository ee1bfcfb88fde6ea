//! Lines: what is printed on an invoice and in a quote. One function per row of the charging table.

mod change;
mod differences;
mod recurring;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use differences::{PaidUnits, PrepaidIncrease};
pub use recurring::{PricedQuantity, Recurring};

use super::{
    ChargeType, ComponentTerms, Derivation, Exact, Formula, Price, PriceScheme, PricingError, Segment, Share,
};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::period::{DateRange, Window};

/// One charge. The amount was rounded once; the derivation says from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// Code of the component.
    pub component: String,
    /// Its name for people.
    pub name: String,
    /// What is charged.
    pub charge: ChargeType,
    /// One unit, in the singular.
    pub unit: String,
    /// Quantity × share, to nine decimals, negative where something is taken off.
    pub quantity: Fixed,
    /// Price of one unit, where every unit has the same.
    pub unit_price: Option<Fixed>,
    /// The time it is for.
    pub window: Option<Window>,
    /// Id of the price version.
    pub price_version: String,
    /// The amount before rounding, to nine decimals; for the record only.
    pub exact: Fixed,
    /// The amount, rounded once half away from zero to the minor unit.
    pub amount: Money,
    /// How the amount came about.
    pub derivation: Derivation,
}

impl Line {
    /// Whether everything that it says follows from its derivation; it does until somebody edits what was kept.
    pub fn follows(&self) -> bool {
        let exact = self.derivation.exact();
        let amount = exact.and_then(|exact| exact.to_money(self.amount.currency));
        amount == Ok(self.amount)
            && exact.and_then(Exact::to_fixed) == Ok(self.exact)
            && self.derivation.weighted_quantity() == Ok(self.quantity)
            && self
                .unit_price
                .is_none_or(|price| self.derivation.charges_each(price))
            && self.unit == self.derivation.unit
            && self.price_version == self.derivation.price_version
            && self.amount.currency == self.derivation.currency
    }
}

/// The component that is charged, and in which currency.
#[derive(Debug, Clone, Copy)]
pub struct Charged<'a> {
    /// Its terms.
    pub terms: &'a ComponentTerms,
    /// Currency of the plan.
    pub currency: Currency,
}

impl Charged<'_> {
    /// What was used in a closed period, through the price scheme. `quantity` is already aggregated.
    pub fn usage(
        &self,
        price: &Price,
        quantity: Fixed,
        window: Option<Window>,
    ) -> Result<Line, PricingError> {
        self.expect_charge(&[ChargeType::Usage])?;
        let segment = Segment {
            window,
            ..whole_segment(&price.scheme, quantity)?
        };
        self.line(Formula::Usage, price, vec![segment], None)
    }

    /// A one-time fee, on creation or on a plan switch: `amount` units on the day `on`.
    pub fn once(&self, price: &Price, amount: Fixed, on: NaiveDate) -> Result<Line, PricingError> {
        self.expect_charge(&[ChargeType::OneTime, ChargeType::OnPlanSwitch])?;
        let segment = Segment {
            window: day(on),
            ..whole_segment(&price.scheme, amount)?
        };
        self.line(Formula::Once, price, vec![segment], None)
    }

    fn expect_charge(&self, allowed: &[ChargeType]) -> Result<(), PricingError> {
        if allowed.contains(&self.terms.charge) {
            Ok(())
        } else {
            Err(PricingError::WrongCharge)
        }
    }

    pub(super) fn line(
        &self,
        formula: Formula,
        price: &Price,
        segments: Vec<Segment>,
        cut_to: Option<Money>,
    ) -> Result<Line, PricingError> {
        let derivation = Derivation {
            formula,
            unit: self.terms.unit.clone(),
            currency: self.currency,
            price_version: price.version.clone(),
            segments,
            cut_to,
            elsewhere: None,
            raised_to: None,
        };
        self.line_of(derivation, price)
    }

    /// The one place where a line is made, and so the one place where amounts are rounded.
    pub(super) fn line_of(&self, derivation: Derivation, price: &Price) -> Result<Line, PricingError> {
        let exact = derivation.exact()?;
        Ok(Line {
            component: self.terms.code.clone(),
            name: self.terms.name.clone(),
            charge: self.terms.charge,
            unit: self.terms.unit.clone(),
            quantity: derivation.weighted_quantity()?,
            unit_price: price.scheme.unit_price(),
            window: span(&derivation.segments),
            price_version: price.version.clone(),
            exact: exact.to_fixed()?,
            amount: exact.to_money(self.currency)?,
            derivation,
        })
    }
}

/// All of a quantity for one whole period.
pub(super) fn whole_segment(scheme: &PriceScheme, quantity: Fixed) -> Result<Segment, PricingError> {
    let steps = scheme.charge(quantity)?.steps;
    Ok(Segment {
        quantity,
        steps,
        share: Share::WHOLE,
        negative: false,
        window: None,
    })
}

/// That day, midnight to midnight.
fn day(on: NaiveDate) -> Option<Window> {
    Some(
        DateRange {
            start: on,
            end: on.succ_opt()?,
        }
        .window(),
    )
}

/// From the first start to the last end of the segments that have a time.
fn span(segments: &[Segment]) -> Option<Window> {
    let windows = || segments.iter().filter_map(|segment| segment.window);
    let start = windows().map(|window| window.start).min()?;
    let end = windows().map(|window| window.end).max()?;
    Some(Window { start, end })
}
