//! Limits that are billed ahead: over the whole life ("total") and prepaid for a term. Changes bill the difference.

use chrono::NaiveDate;

use super::{Charged, Line, day, whole_segment};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::period::{DateRange, months_left, months_started};
use crate::pricing::{
    ChargeType, Exact, Formula, Price, PriceScheme, PricingError, Segment, Share, ShareUnit,
};

/// The units of a limit over the whole life that are paid for. A unit is paid for once, in whatever currency it was
/// billed; what was billed in a currency can be given back in that currency only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaidUnits(Vec<Paid>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Paid {
    units: Fixed,
    /// What was billed for them in all, net.
    billed: Money,
}

impl PaidUnits {
    /// So many units for which so much was billed.
    pub fn of(units: Fixed, billed: Money) -> Self {
        Self(vec![Paid { units, billed }])
    }

    /// All of them, in whatever currency they were billed.
    pub fn units(&self) -> Result<Fixed, PricingError> {
        let add = |sum: Fixed, paid: &Paid| sum.checked_add(paid.units);
        Ok(self.0.iter().try_fold(Fixed::ZERO, add)?)
    }

    /// Notes that the limit is `limit` while units of it cost nothing: nobody pays for those later.
    pub fn hold_free(&mut self, limit: Fixed, currency: Currency) -> Result<(), PricingError> {
        let (before, ours) = (self.units()?, self.in_currency(currency));
        let after = ours.reached(before, limit)?;
        self.set(Paid {
            units: ours.units.checked_add(after.checked_sub(before)?)?,
            ..ours
        });
        Ok(())
    }

    fn in_currency(&self, currency: Currency) -> Paid {
        let nothing = Paid {
            units: Fixed::ZERO,
            billed: Money::zero(currency),
        };
        let of_currency = |paid: &&Paid| paid.billed.currency == currency;
        self.0.iter().find(of_currency).copied().unwrap_or(nothing)
    }

    fn set(&mut self, paid: Paid) {
        self.0
            .retain(|other| other.billed.currency != paid.billed.currency);
        self.0.push(paid);
    }
}

impl Paid {
    /// How many units are paid for once the limit is `limit`, of `before` in all: those of other currencies stay.
    fn reached(self, before: Fixed, limit: Fixed) -> Result<Fixed, PricingError> {
        if limit >= before {
            return Ok(limit);
        }
        Ok(limit.max(before.checked_sub(self.units)?))
    }
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
    /// The days of the term.
    pub term: DateRange,
}

impl Charged<'_> {
    /// A limit over the whole life that is `limit` from the day `on`: all of it first, then differences, which are noted
    /// in `paid`. A decrease is a negative line, but never gives back more than was billed, nor in a currency in which it
    /// was not billed. `None` where nothing is due.
    pub fn total_limit(
        &self,
        price: &Price,
        paid: &mut PaidUnits,
        limit: Fixed,
        on: NaiveDate,
    ) -> Result<Option<Line>, PricingError> {
        if self.terms.charge != ChargeType::Limit || self.terms.prepaid {
            return Err(PricingError::WrongCharge);
        }
        let (before, ours) = (paid.units()?, paid.in_currency(self.currency));
        let after = ours.reached(before, limit)?;
        if after == before {
            return Ok(None);
        }
        let mut segments = difference(&price.scheme, before, after)?;
        for segment in &mut segments {
            segment.window = day(on);
        }
        let sum = segments
            .iter()
            .try_fold(Exact::ZERO, |sum, segment| sum.checked_add(segment.exact()?))?;
        let least = Exact::ZERO.checked_sub(Exact::of(ours.billed.to_fixed()?))?;
        let beyond = sum.is_negative() && sum.checked_sub(least)?.is_negative();
        let cut_to = beyond.then(|| ours.billed.negated());
        let line = self.line(Formula::TotalLimit, price, segments, cut_to)?;
        paid.set(Paid {
            units: ours.units.checked_add(after.checked_sub(before)?)?,
            billed: ours.billed.checked_add(line.amount)?,
        });
        Ok(Some(line))
    }

    /// A prepaid limit: price × limit × months from `start` to the exclusive `end`; a started month counts.
    pub fn prepaid(&self, price: &Price, limit: Fixed, term: DateRange) -> Result<Line, PricingError> {
        self.expect_prepaid()?;
        let segment = Segment {
            share: months(months_started(term.start, term.end)),
            window: Some(term.window()),
            ..whole_segment(&price.scheme, limit)?
        };
        self.line(Formula::Prepaid, price, vec![segment], None)
    }

    /// More of a prepaid limit: the difference for the months of the term that are not over, the month of the change
    /// included. A decrease gives nothing back: `None`.
    pub fn prepaid_increase(
        &self,
        price: &Price,
        change: &PrepaidIncrease,
    ) -> Result<Option<Line>, PricingError> {
        self.expect_prepaid()?;
        if change.limit <= change.old {
            return Ok(None);
        }
        let rest = DateRange::new(change.on, change.term.end)
            .filter(|rest| !rest.is_empty())
            .ok_or(PricingError::InvalidPeriod)?;
        let mut segments = difference(&price.scheme, change.old, change.limit)?;
        for segment in &mut segments {
            segment.share = months(months_left(change.term, change.on));
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

fn months(n: u32) -> Share {
    Share {
        n,
        of: 1,
        unit: ShareUnit::Month,
    }
}
