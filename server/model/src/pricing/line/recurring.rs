//! Fixed amounts and limits that are charged each period, by the share of the period in which they were in force.

use std::collections::BTreeMap;

use super::{Charged, Line, whole_segment};
use crate::fixed::Fixed;
use crate::period::{BillingPeriod, Proration, Window};
use crate::pricing::share::days_of;
use crate::pricing::{
    ChargeType, Formula, Price, PricingError, Segment, SharedTime, Stretch, counted_in, shares,
};

/// What a resource has of a component for some time: an amount at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedQuantity<'a> {
    /// The price version in force.
    pub price: &'a Price,
    /// The fixed amount, or the limit.
    pub quantity: Fixed,
}

/// A period to charge for. Pass *all* stretches of the resource's life that touch the window, those under another plan
/// or while paused free of charge as `None`: they bill nothing here, but keep the days that are theirs.
#[derive(Debug, Clone, Copy)]
pub struct Recurring<'a> {
    /// Its time, which is shared among the stretches.
    pub time: SharedTime<'a>,
    /// The period that the prices are for.
    pub every: BillingPeriod,
    /// How parts of a period are charged.
    pub proration: Proration,
    /// The history, as half-open stretches.
    pub stretches: &'a [Stretch<Option<PricedQuantity<'a>>>],
}

impl Charged<'_> {
    /// The lines of one period: one per price version, in the order in which the versions came into force.
    /// Nothing is billed for an amount of zero, nor for prepaid components and limits over the whole life.
    pub fn recurring(&self, input: &Recurring<'_>) -> Result<Vec<Line>, PricingError> {
        let total = self.terms.charge == ChargeType::Limit && input.every == BillingPeriod::Once;
        if self.terms.prepaid || total {
            return Err(PricingError::WrongCharge);
        }
        self.expect_charge(&[ChargeType::Fixed, ChargeType::Limit])?;
        if counted_in(input.every, input.proration).is_none() {
            return Ok(self.whole_period(input)?.into_iter().collect());
        }
        let mut versions: Vec<&Price> = Vec::new();
        let mut segments: BTreeMap<&str, Vec<Segment>> = BTreeMap::new();
        for portion in shares(input.time, input.every, input.proration, input.stretches)? {
            let held = input
                .stretches
                .get(portion.stretch)
                .and_then(|stretch| stretch.state);
            let Some(held) = held.filter(|held| !held.quantity.is_zero()) else {
                continue;
            };
            let whole = whole_segment(&held.price.scheme, held.quantity)?;
            let segment = Segment {
                share: portion.share,
                window: Some(portion.window),
                ..whole
            };
            if !segments.contains_key(held.price.version.as_str()) {
                versions.push(held.price);
            }
            join(segments.entry(&held.price.version).or_default(), segment);
        }
        let line = |price: &Price| {
            let parts = segments.remove(price.version.as_str()).unwrap_or_default();
            self.line(Formula::Recurring, price, parts, None)
        };
        versions.into_iter().map(line).collect()
    }
}

impl Charged<'_> {
    /// A period that has begun is owed whole: at the price in force when it began, for the most that was held in it.
    fn whole_period(&self, input: &Recurring<'_>) -> Result<Option<Line>, PricingError> {
        let had = |state: &Option<PricedQuantity<'_>>| state.is_some_and(|held| !held.quantity.is_zero());
        let Some(days) = days_of(input.time.window, input.stretches, had)? else {
            return Ok(None);
        };
        let mut held: Vec<(_, PricedQuantity<'_>)> = input
            .stretches
            .iter()
            .filter(|stretch| had(&stretch.state) && stretch.touches(input.time.window))
            .filter_map(|stretch| Some((stretch.from, stretch.state?)))
            .collect();
        held.sort_by_key(|(from, _)| *from);
        let most = held.iter().map(|(_, held)| held.quantity).max();
        let Some(((_, first), most)) = held.first().zip(most) else {
            return Ok(None);
        };
        let segment = Segment {
            window: Some(days),
            ..whole_segment(&first.price.scheme, most)?
        };
        self.line(Formula::Recurring, first.price, vec![segment], None)
            .map(Some)
    }
}

/// Adds a segment; one that only continues the last is put together with it, so that a change of nothing leaves no trace.
fn join(segments: &mut Vec<Segment>, next: Segment) {
    if let Some(last) = segments.last_mut()
        && last.quantity == next.quantity
        && last.window.map(|window| window.end) == next.window.map(|window| window.start)
    {
        last.share.n += next.share.n;
        last.window = last.window.zip(next.window).map(|(first, second)| Window {
            end: second.end,
            ..first
        });
        return;
    }
    segments.push(next);
}
