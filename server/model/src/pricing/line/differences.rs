//! Limits that are billed ahead: over the whole life ("total") and prepaid for a term. Changes bill the difference.

use chrono::NaiveDate;

use super::{Charged, Line, day, whole_segment};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::period::{DateRange, months_left, months_started};
use crate::pricing::{
    ChargeType, Derivation, Exact, Formula, Price, PriceScheme, PricingError, Segment, Share, ShareUnit,
    TaxRate,
};

/// The units of a limit over the whole life that are paid for. A unit is paid for once, in whatever currency and at
/// whatever tax it was billed; what was billed so can be given back in that currency and at that tax only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaidUnits(Vec<Paid>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Paid {
    tax: TaxRate,
    units: Fixed,
    /// What was billed for them in all, net.
    billed: Money,
}

/// What changes of one entry: from how many units in all to how many.
type Step = (Paid, Fixed, Fixed);

impl PaidUnits {
    /// So many units for which so much was billed at this tax.
    pub fn of(units: Fixed, billed: Money, tax: TaxRate) -> Self {
        Self(vec![Paid { tax, units, billed }])
    }

    /// All of them, in whatever currency they were billed.
    pub fn units(&self) -> Result<Fixed, PricingError> {
        let add = |sum: Fixed, paid: &Paid| sum.checked_add(paid.units);
        Ok(self.0.iter().try_fold(Fixed::ZERO, add)?)
    }

    /// Notes that the limit is `limit` while units of it cost nothing: nobody pays for those later.
    pub fn hold_free(&mut self, limit: Fixed, currency: Currency, tax: &TaxRate) -> Result<(), PricingError> {
        self.move_units(self.steps(limit, currency, tax)?)
    }

    fn move_units(&mut self, steps: Vec<Step>) -> Result<(), PricingError> {
        for (paid, before, after) in steps {
            let units = paid.units.checked_add(after.checked_sub(before)?)?;
            self.set(Paid { units, ..paid });
        }
        Ok(())
    }

    /// Notes that so much was billed at this tax, or given back.
    fn bill(&mut self, tax: &TaxRate, amount: Money) -> Result<(), PricingError> {
        let mut paid = self.entry(amount.currency, tax);
        paid.billed = paid.billed.checked_add(amount)?;
        self.set(paid);
        Ok(())
    }

    /// What is known of a currency and a tax.
    fn entry(&self, currency: Currency, tax: &TaxRate) -> Paid {
        let known = self
            .0
            .iter()
            .find(|paid| paid.billed.currency == currency && paid.tax == *tax);
        known.cloned().unwrap_or_else(|| Paid {
            tax: tax.clone(),
            units: Fixed::ZERO,
            billed: Money::zero(currency),
        })
    }

    /// Where something is left to be given back.
    fn billed_in(&self, currency: Currency) -> impl DoubleEndedIterator<Item = &Paid> {
        let ours = self.0.iter().filter(move |paid| paid.billed.currency == currency);
        ours.filter(|paid| paid.billed.is_positive())
    }

    /// How the paid units come to `limit`: those of which entry change, from how many in all to how many. More is of `tax`;
    /// less is taken of what was added last, and what is of other currencies stays.
    fn steps(&self, limit: Fixed, currency: Currency, tax: &TaxRate) -> Result<Vec<Step>, PricingError> {
        let mut before = self.units()?;
        if limit >= before {
            return Ok(vec![(self.entry(currency, tax), before, limit)]);
        }
        let ours = self.0.iter().filter(|paid| paid.billed.currency == currency);
        let mut steps = Vec::new();
        for paid in ours.rev() {
            let after = limit.max(before.checked_sub(paid.units)?);
            steps.push((paid.clone(), before, after));
            before = after;
        }
        Ok(steps)
    }

    fn set(&mut self, paid: Paid) {
        let same = |other: &Paid| other.billed.currency == paid.billed.currency && other.tax == paid.tax;
        match self.0.iter_mut().find(|other| same(other)) {
            Some(known) => *known = paid,
            None => self.0.push(paid),
        }
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
    /// A limit over the whole life that is `limit` from the day `on`, when `tax` is charged: all of it first, then
    /// differences, which are noted in `paid`, each line with its tax. What is due more is of today's tax, also where fewer
    /// units cost more. What is given back is of the taxes at which it was billed, the last first, also where more units
    /// cost less; it is never more than was billed in this currency. No line where nothing changes.
    pub fn total_limit(
        &self,
        price: &Price,
        paid: &mut PaidUnits,
        (limit, tax): (Fixed, &TaxRate),
        on: NaiveDate,
    ) -> Result<Vec<(TaxRate, Line)>, PricingError> {
        if self.terms.charge != ChargeType::Limit || self.terms.prepaid {
            return Err(PricingError::WrongCharge);
        }
        let steps = paid.steps(limit, self.currency, tax)?;
        let (Some((_, before, _)), Some((_, _, after))) = (steps.first(), steps.last()) else {
            return Ok(Vec::new());
        };
        if before == after {
            return Ok(Vec::new());
        }
        let whole = self.total_difference(price, (*before, *after), on)?;
        let lines = if !whole.amount.is_negative() {
            vec![(tax.clone(), whole)]
        } else if let Some(lines) = self.given_back_by_units(price, &steps, on)? {
            lines
        } else {
            self.given_back_by_money(price, whole, (paid, tax))?
        };
        paid.move_units(steps)?;
        for (tax, line) in &lines {
            paid.bill(tax, line.amount)?;
        }
        Ok(lines)
    }

    fn total_difference(
        &self,
        price: &Price,
        (before, after): (Fixed, Fixed),
        on: NaiveDate,
    ) -> Result<Line, PricingError> {
        let mut segments = difference(&price.scheme, before, after)?;
        for segment in &mut segments {
            segment.window = day(on);
        }
        self.line(Formula::TotalLimit, price, segments, None)
    }

    /// A line for the units of each tax. None unless each gives something back, and no more than was billed at its tax.
    fn given_back_by_units(
        &self,
        price: &Price,
        steps: &[Step],
        on: NaiveDate,
    ) -> Result<Option<Vec<(TaxRate, Line)>>, PricingError> {
        let mut lines = Vec::new();
        for (ours, before, after) in steps.iter().filter(|(_, before, after)| after != before) {
            let line = self.total_difference(price, (*before, *after), on)?;
            let left = ours.billed.checked_add(line.amount)?;
            if !line.amount.is_negative() || left.is_negative() {
                return Ok(None);
            }
            lines.push((ours.tax.clone(), line));
        }
        Ok(Some(lines))
    }

    /// The whole difference, taken from what was billed at each tax, the last first, as far as it goes.
    fn given_back_by_money(
        &self,
        price: &Price,
        whole: Line,
        (paid, tax): (&PaidUnits, &TaxRate),
    ) -> Result<Vec<(TaxRate, Line)>, PricingError> {
        let mut lines: Vec<(TaxRate, Line)> = Vec::new();
        let mut elsewhere = Money::zero(self.currency);
        for ours in paid.billed_in(self.currency).rev() {
            let rest = whole.amount.checked_sub(elsewhere)?;
            let beyond = ours.billed.checked_add(rest)?.is_negative();
            let derivation = Derivation {
                cut_to: beyond.then(|| ours.billed.negated()),
                elsewhere: (!beyond && !elsewhere.is_zero()).then_some(elsewhere),
                ..whole.derivation.clone()
            };
            let line = self.line_of(derivation, price)?;
            elsewhere = elsewhere.checked_add(line.amount)?;
            lines.push((ours.tax.clone(), line));
            if !beyond {
                return Ok(lines);
            }
        }
        if lines.is_empty() {
            // Nothing was billed, so nothing is given back, and the line says so.
            let cut_to = Some(elsewhere);
            let derivation = Derivation {
                cut_to,
                ..whole.derivation
            };
            lines.push((tax.clone(), self.line_of(derivation, price)?));
        }
        Ok(lines)
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
    /// included. The line says to what the limit was raised, where some of it was paid before. A decrease gives nothing
    /// back: `None`.
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
        let line = self.line(Formula::Prepaid, price, segments, cut_to)?;
        Ok(Some(Line {
            derivation: Derivation {
                raised_to: (!change.old.is_zero()).then_some(change.limit),
                ..line.derivation
            },
            ..line
        }))
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
    let less = Segment {
        negative: true,
        ..whole_segment(scheme, old)?
    };
    if new.is_zero() {
        return Ok(vec![less]);
    }
    Ok(vec![whole_segment(scheme, new)?, less])
}

fn months(n: u32) -> Share {
    Share {
        n,
        of: 1,
        unit: ShareUnit::Month,
    }
}
