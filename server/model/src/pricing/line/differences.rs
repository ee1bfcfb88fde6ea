//! Limits that are billed ahead: over the whole life ("total") and prepaid for a term. Changes bill the difference.

use chrono::NaiveDate;

use super::{Charged, Line, day, whole_segment};
use crate::fixed::Fixed;
use crate::money::Money;
use crate::period::{DateRange, LimitPeriod, months_started};
use crate::pricing::{
    ChargeType, Exact, Formula, Price, PriceScheme, PricingError, Segment, Share, ShareUnit,
};

/// A limit over the whole life, before and after a change. Creation is a change from nothing.
#[derive(Debug, Clone, Copy)]
pub struct TotalChange {
    /// The quantity that was billed so far.
    pub billed_quantity: Fixed,
    /// What was billed for it in all, net.
    pub billed_amount: Money,
    /// The limit from now on.
    pub limit: Fixed,
    /// The day of the change.
    pub on: NaiveDate,
}

/// A prepaid limit that grows within its term.
#[derive(Debug, Clone, Copy)]
pub struct PrepaidIncrease {
    /// The limit paid so far.
    pub old: Fixed,
    /// The limit from now on.
    pub limit: Fixed,
    /// The day of the change.
    pub on: NaiveDate,
    /// The day after the last of the term.
    pub end: NaiveDate,
}

impl Charged<'_> {
    /// A limit over the whole life: all of it first, then differences. A decrease is a negative line, but never gives
    /// back more than was billed. `None` where nothing changes.
    pub fn total_limit(&self, price: &Price, change: &TotalChange) -> Result<Option<Line>, PricingError> {
        if self.terms.charge != ChargeType::Limit || self.terms.limit_period != LimitPeriod::Total {
            return Err(PricingError::WrongCharge);
        }
        if change.billed_amount.currency != self.currency {
            return Err(PricingError::Currency);
        }
        if change.limit == change.billed_quantity {
            return Ok(None);
        }
        let mut segments = difference(&price.scheme, change.billed_quantity, change.limit)?;
        for segment in &mut segments {
            segment.window = day(change.on);
        }
        let sum = segments
            .iter()
            .try_fold(Exact::ZERO, |sum, segment| sum.checked_add(segment.exact()?))?;
        let least = Exact::ZERO.checked_sub(Exact::of(change.billed_amount.to_fixed()?))?;
        let beyond = sum.is_negative() && sum.checked_sub(least)?.is_negative();
        let cut_to = beyond.then(|| change.billed_amount.negated());
        self.line(Formula::TotalLimit, price, segments, cut_to).map(Some)
    }

    /// A prepaid limit: price × limit × months from `start` to the exclusive `end`; a started month counts.
    pub fn prepaid(&self, price: &Price, limit: Fixed, term: DateRange) -> Result<Line, PricingError> {
        self.expect_prepaid()?;
        let segment = Segment {
            share: months(term),
            window: Some(term.window()),
            ..whole_segment(&price.scheme, limit)?
        };
        self.line(Formula::Prepaid, price, vec![segment], None)
    }

    /// More of a prepaid limit: the difference for the remaining months. A decrease gives nothing back: `None`.
    pub fn prepaid_increase(
        &self,
        price: &Price,
        change: &PrepaidIncrease,
    ) -> Result<Option<Line>, PricingError> {
        self.expect_prepaid()?;
        if change.limit <= change.old {
            return Ok(None);
        }
        let rest = DateRange::new(change.on, change.end)
            .filter(|rest| !rest.is_empty())
            .ok_or(PricingError::InvalidPeriod)?;
        let mut segments = difference(&price.scheme, change.old, change.limit)?;
        for segment in &mut segments {
            segment.share = months(rest);
            segment.window = Some(rest.window());
        }
        let sum = segments
            .iter()
            .try_fold(Exact::ZERO, |sum, segment| sum.checked_add(segment.exact()?))?;
        // Under a volume scheme more can cost less. What was paid up front is not given back.
        let cut_to = sum.is_negative().then(|| Money::zero(self.currency));
        self.line(Formula::Prepaid, price, segments, cut_to).map(Some)
    }

    fn expect_prepaid(&self) -> Result<(), PricingError> {
        if self.terms.prepaid {
            self.expect_charge(&[ChargeType::Limit])
        } else {
            Err(PricingError::WrongCharge)
        }
    }
}

/// What `new` costs beyond `old`. With one price per unit that is the difference × price; otherwise all of the new
/// quantity less all of the old, because the price of a unit depends on how many there are.
fn difference(scheme: &PriceScheme, old: Fixed, new: Fixed) -> Result<Vec<Segment>, PricingError> {
    if scheme.unit_price().is_some() || old.is_zero() {
        let delta = new.checked_sub(old)?;
        let segment = whole_segment(scheme, delta.abs()?)?;
        return Ok(vec![Segment {
            negative: delta.is_negative(),
            ..segment
        }]);
    }
    Ok(vec![
        whole_segment(scheme, new)?,
        Segment {
            negative: true,
            ..whole_segment(scheme, old)?
        },
    ])
}

fn months(term: DateRange) -> Share {
    Share {
        n: months_started(term.start, term.end),
        of: 1,
        unit: ShareUnit::Month,
    }
}
