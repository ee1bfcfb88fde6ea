//! Which part of a period belongs to which state.
//!
//! A period is cut into slots (calendar days, or hours). Each slot that the resource lived in, if only for an instant,
//! is billed exactly once, at the state in force at the last billable instant of that slot. So a day on which the plan
//! was switched counts for the new plan, and the day of termination counts for what was there before it.
//!
//! Where only whole periods are charged, a period that has begun is owed whole, whatever follows in it: at the price that was
//! in force when it began, and at the largest amount that was held in it. What follows under another plan is charged by
//! that plan's own rules.
//!
//! Times are wall-clock times of the billing time zone for days. For hours give window and stretches in UTC, where
//! every hour is an hour long even when clocks change.

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::PricingError;
use crate::period::{BillingPeriod, DateRange, Proration, Window};
use crate::text_enum;

text_enum! {
    /// What the parts of a share are.
    ShareUnit {
        /// Calendar days.
        Day = "day", "days";
        /// Hours.
        Hour = "hour", "hours";
        /// Months.
        Month = "month", "months";
        /// The period as a whole.
        Period = "period", "periods";
    }
}

/// `n` of `of` parts of a period. `of` is 1 where the price is for one part: 12 days at a price per day are 12 of 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// Parts billed.
    pub n: u32,
    /// Parts that the price is for.
    pub of: u32,
    /// What the parts are.
    pub unit: ShareUnit,
}

impl Share {
    /// The whole of one period.
    pub const WHOLE: Self = Self {
        n: 1,
        of: 1,
        unit: ShareUnit::Period,
    };

    /// Exactly one period's price.
    pub fn is_whole(self) -> bool {
        self.n == self.of
    }
}

/// A state and the time in which it was in force, half-open. `until` is open while it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch<S> {
    /// When it came into force.
    pub from: NaiveDateTime,
    /// When it ended.
    pub until: Option<NaiveDateTime>,
    /// The state.
    pub state: S,
}

impl<S> Stretch<S> {
    /// It was in force at some instant of `window`.
    pub fn touches(&self, window: Window) -> bool {
        touch(window, self).is_some()
    }
}

/// Consecutive slots that belong to one stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// Index into the stretches that were given.
    pub stretch: usize,
    /// How much of the period it is.
    pub share: Share,
    /// The slots' time.
    pub window: Window,
}

/// The time of a period, as it is shared among stretches.
#[derive(Debug, Clone, Copy)]
pub struct SharedTime<'a> {
    /// The whole period for periods of a month and longer; any window for hourly and daily prices.
    pub window: Window,
    /// The period as it was to be when it began: shares are of its slots. It differs from the window in its end alone,
    /// where somebody has moved to another time zone since, so that what earlier months came to stays what it was.
    pub begun_as: Window,
    /// Time that is charged by days, where slots are hours. An hour that reaches into it counts where something of it lies
    /// outside, and begins or ends where the days do.
    pub by_days: &'a [Window],
}

impl From<Window> for SharedTime<'_> {
    fn from(window: Window) -> Self {
        Self {
            window,
            begun_as: window,
            by_days: &[],
        }
    }
}

/// A year of hours, with room for the leap day, a changed clock, and somebody who moves across the date line.
const MOST_SLOTS: i64 = (366 + 2) * 24;

/// What shares of a period are counted in; `None` where only whole periods are charged.
pub fn counted_in(every: BillingPeriod, proration: Proration) -> Option<ShareUnit> {
    slot_of(every, proration).map(|(_, unit)| unit)
}

/// Divides a period's time among `stretches`. Days (and hours) in which no stretch was in force belong to none.
/// Refused where only whole periods are charged ([`counted_in`]), and where the time is empty or longer than a year.
pub fn shares<S>(
    time: SharedTime<'_>,
    every: BillingPeriod,
    proration: Proration,
    stretches: &[Stretch<S>],
) -> Result<Vec<Portion>, PricingError> {
    let (slot, unit) = slot_of(every, proration).ok_or(PricingError::InvalidPeriod)?;
    let window = time.window;
    let (total, whole) = (slots_in(window, slot)?, slots_in(time.begun_as, slot)?);
    let of = match (every, unit) {
        (BillingPeriod::Hour, _) | (BillingPeriod::Day, ShareUnit::Day) => 1,
        (BillingPeriod::Day, _) => 24,
        _ => u32::try_from(whole).map_err(|_too_long| PricingError::InvalidPeriod)?,
    };
    let owners = owners(window, slot, total, stretches);
    Ok(runs(&owners)
        .into_iter()
        .map(|run| {
            let share = Share {
                n: run.length,
                of,
                unit,
            };
            let portion = run.portion(window, slot, share);
            Portion {
                window: time
                    .by_days
                    .iter()
                    .fold(portion.window, |own, days| own.without(*days)),
                ..portion
            }
        })
        .collect())
}

/// All slots of a window; refused where there are none or too many.
fn slots_in(window: Window, slot: TimeDelta) -> Result<i64, PricingError> {
    let slots = slots_until(window, slot, window.end);
    let fits = (1..=MOST_SLOTS).contains(&slots);
    fits.then_some(slots).ok_or(PricingError::InvalidPeriod)
}

/// The length of a slot, or `None` where only whole periods are billed.
fn slot_of(every: BillingPeriod, proration: Proration) -> Option<(TimeDelta, ShareUnit)> {
    match (every, proration) {
        (BillingPeriod::Once, _) => None,
        (BillingPeriod::Hour, _) | (_, Proration::Hour) => Some((TimeDelta::hours(1), ShareUnit::Hour)),
        (BillingPeriod::Day, _) | (_, Proration::Day) => Some((TimeDelta::days(1), ShareUnit::Day)),
        (_, Proration::None) => None,
    }
}

/// The days of the window that the stretches chosen by `is_ours` have, from the first to the last, though others have some
/// between them; the day on which they were in force where they have none; `None` where they were never in force in it.
pub(super) fn days_of<S>(
    window: Window,
    stretches: &[Stretch<S>],
    is_ours: impl Fn(&S) -> bool,
) -> Result<Option<Window>, PricingError> {
    let ours = || stretches.iter().filter(|stretch| is_ours(&stretch.state));
    let Some(start) = ours()
        .filter_map(|stretch| touch(window, stretch))
        .map(|touched| touched.start)
        .min()
    else {
        return Ok(None);
    };
    let day = |at: NaiveDateTime| {
        let days = DateRange {
            start: at.date(),
            end: at.date().succ_opt().unwrap_or(at.date()),
        };
        days.window()
    };
    let days = shares(window.into(), BillingPeriod::Day, Proration::Day, stretches)?;
    let last = days
        .iter()
        .filter(|portion| {
            stretches
                .get(portion.stretch)
                .is_some_and(|own| is_ours(&own.state))
        })
        .map(|portion| portion.window.end)
        .max();
    Ok(Some(Window {
        start: day(start).start,
        end: last.unwrap_or(day(start).end),
    }))
}

/// The common time of a window and a stretch.
fn touch<S>(window: Window, stretch: &Stretch<S>) -> Option<Window> {
    window.intersect(Window {
        start: stretch.from,
        end: stretch.until.unwrap_or(window.end),
    })
}

/// The number of slots, started ones included, from the window's start to `at`.
fn slots_until(window: Window, slot: TimeDelta, at: NaiveDateTime) -> i64 {
    let length = slot.num_seconds().max(1);
    let apart = at - window.start;
    let started = i64::from(apart.num_seconds() % length != 0 || apart.subsec_nanos() != 0);
    apart.num_seconds() / length + started
}

/// For each slot the stretch that has it.
fn owners<S>(window: Window, slot: TimeDelta, total: i64, stretches: &[Stretch<S>]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by_key(|index| stretches.get(*index).map(|stretch| stretch.from));
    let mut owners = vec![None; usize::try_from(total).unwrap_or(0)];
    // Later stretches overwrite earlier ones, which leaves each slot with the last state in force in it.
    for index in order {
        let Some(common) = stretches.get(index).and_then(|stretch| touch(window, stretch)) else {
            continue;
        };
        let first = (common.start - window.start).num_seconds() / slot.num_seconds().max(1);
        let after = slots_until(window, slot, common.end);
        let range = usize::try_from(first).unwrap_or(0)..usize::try_from(after).unwrap_or(0);
        if let Some(slots) = owners.get_mut(range) {
            slots.fill(Some(index));
        }
    }
    owners
}

#[derive(Clone, Copy)]
struct Run {
    stretch: usize,
    first: u32,
    length: u32,
}

impl Run {
    fn portion(self, window: Window, slot: TimeDelta, share: Share) -> Portion {
        let after = |count: u32| {
            slot.checked_mul(i32::try_from(count).ok()?)
                .and_then(|d| window.start.checked_add_signed(d))
        };
        let at = |count: u32| after(count).unwrap_or(window.end);
        let end = at(self.first + self.length).min(window.end);
        Portion {
            stretch: self.stretch,
            share,
            window: Window {
                start: at(self.first),
                end,
            },
        }
    }
}

/// Neighbouring slots of one owner, put together.
fn runs(owners: &[Option<usize>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (slot, owner) in (0_u32..).zip(owners) {
        let Some(stretch) = *owner else { continue };
        match runs.last_mut() {
            Some(run) if run.stretch == stretch && run.first + run.length == slot => run.length += 1,
            _ => runs.push(Run {
                stretch,
                first: slot,
                length: 1,
            }),
        }
    }
    runs
}
