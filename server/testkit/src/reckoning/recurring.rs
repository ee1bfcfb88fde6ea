//! Fixed amounts and limits, period by period: each day is billed once, at the state in force at the last instant of it
//! at which the resource lived; with hours likewise. Of whole periods: at the price with which the period began under the
//! plan, and the largest amount that was had in it.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use model::{BillingPeriod, ChargeType, LimitPeriod, Month};
use rust_decimal::Decimal;

use super::calendar::{Calendar, next};
use super::pieces::{Basis, Counted, Piece};
use super::prices::cost;
use super::{At, ComponentFacts, Facts, Owed, rounded};

/// From an instant up to another.
type Slot = (At, At);
/// First day, and the day after the last.
type Days = (NaiveDate, NaiveDate);

/// A day, or an hour with all days that have a part of it.
struct Counting {
    slot: Slot,
    days: Vec<Slot>,
}

/// A part of a period with one price and one quantity.
struct Part {
    version: usize,
    price: Decimal,
    slots: u32,
}

impl Facts {
    pub(super) fn recurring(&self, resource: usize, month: Month) -> Vec<Owed> {
        let mut owed = Vec::new();
        for component in &self.components {
            let total = component.period == Some(LimitPeriod::Total) || component.prepaid;
            let limit = component.charge == ChargeType::Limit && !total;
            if component.charge != ChargeType::Fixed && !limit {
                continue;
            }
            let pieces = self.pieces(resource, component);
            let mut bases: Vec<Basis> = Vec::new();
            for basis in pieces.iter().filter_map(Piece::basis) {
                if !bases.contains(&basis) {
                    bases.push(basis);
                }
            }
            // What is charged once stands where it is entered.
            bases.retain(|basis| basis.every != BillingPeriod::Once);
            for basis in bases {
                let sums = self.in_month(&pieces, basis, month);
                owed.extend(self.lines(resource, component, basis, sums));
            }
        }
        owed
    }

    /// What of a period stands on the document of `month`: of a month and less all of it; of a longer one in advance what
    /// is known at the end of the month, less what was at its start; in arrears where it ends or the life does, less what
    /// was billed when an earlier part of the life ended. Whoever moves to another time zone in a later month has not moved
    /// yet.
    fn in_month(&self, pieces: &[Piece], basis: Basis, month: Month) -> Sums {
        let (months, whole) = (length(basis.every), (month.first_day(), month.next().first_day()));
        if months == 1 {
            return self.in_period(pieces, basis, whole, month);
        }
        let mut start = month;
        while !(start.month() - 1).is_multiple_of(months) {
            start = start.prev();
        }
        let mut all = vec![start];
        for _ in 1..months {
            all.push(all[all.len() - 1].next());
        }
        let period = (start.first_day(), all[all.len() - 1].next().first_day());
        let known = |month: Month| known_at(pieces, self.calendar.start(month.next().first_day()));
        let stands =
            |month: &Month| basis.in_advance || *month == all[all.len() - 1] || self.ends_in(pieces, *month);
        if !stands(&month) {
            return Sums::new();
        }
        let now = self.in_period(&known(month), basis, period, month);
        match all.iter().rfind(|one| **one < month && stands(one)) {
            Some(before) => beyond(now, self.in_period(&known(*before), basis, period, *before)),
            None => now,
        }
    }

    /// It lived in the month, and no more at its end.
    fn ends_in(&self, pieces: &[Piece], month: Month) -> bool {
        let (start, end) = (
            self.calendar.start(month.first_day()),
            self.calendar.end(month.last_day()),
        );
        let lived = |piece: &&Piece| piece.from < end && piece.until.is_none_or(|until| until > start);
        let lasts = |piece: &&Piece| piece.from <= end && piece.until.is_none_or(|until| until > end);
        pieces.iter().any(|piece| lived(&piece)) && !pieces.iter().any(|piece| lasts(&piece))
    }

    fn in_period(&self, pieces: &[Piece], basis: Basis, (first, end): Days, seen: Month) -> Sums {
        let (slots, of) = match basis.counted {
            Counted::Days => {
                let days = days_of(first, end);
                let of = if basis.every == BillingPeriod::Day {
                    1
                } else {
                    days.len()
                };
                let slot = |day| (self.calendar.start(day), self.calendar.end(day));
                let counting = |day| Counting {
                    slot: slot(day),
                    days: vec![slot(day)],
                };
                (days.into_iter().map(counting).collect(), of)
            }
            Counted::Hours => {
                let hours = hours_of(&self.calendar.known_in(seen), first, end);
                let of = match basis.every {
                    BillingPeriod::Hour => 1,
                    BillingPeriod::Day => 24,
                    // A period is as long as it was to be when it began.
                    _ => hours_of(&self.calendar.known_in(Month::containing(first)), first, end).len(),
                };
                (hours, of)
            }
            Counted::Whole => {
                let period = (self.calendar.start(first), self.calendar.start(end));
                return self.whole(pieces, basis, period);
            }
        };
        let ours = |piece: &&Piece| piece.basis() == Some(basis);
        let Some(born) = pieces.iter().find(ours).map(|piece| piece.from) else {
            return Sums::new();
        };
        let over = pieces.iter().rfind(ours).and_then(|piece| piece.until);
        let mut parts: Vec<Part> = Vec::new();
        for counting in slots {
            // Days before and after cannot be its own.
            let (before, after) = (counting.days[0].0, counting.days[counting.days.len() - 1].1);
            if after <= born || over.is_some_and(|over| over < before) {
                continue;
            }
            let Some((piece, version)) = owner(pieces, basis, &counting) else {
                continue;
            };
            let price = cost(&self.plans[basis.plan].prices[version].scheme, piece.quantity);
            match parts
                .last_mut()
                .filter(|part| part.version == version && part.price == price)
            {
                Some(part) => part.slots += 1,
                None => parts.push(Part {
                    version,
                    price,
                    slots: 1,
                }),
            }
        }
        sums(parts, of)
    }

    /// Whatever follows, a period that has begun under the plan is owed whole, once: as it began.
    fn whole(&self, pieces: &[Piece], basis: Basis, (start, end): (At, At)) -> Sums {
        let alike = |other: Basis| {
            (other.plan, other.every, other.counted) == (basis.plan, basis.every, Counted::Whole)
        };
        let own = |piece: &&Piece| {
            let touches = piece.from < end && piece.until.is_none_or(|until| until > start);
            piece.basis().is_some_and(alike) && touches && !piece.quantity.is_zero()
        };
        let mut sums = Sums::new();
        let most = pieces.iter().filter(own).map(|piece| piece.quantity).max();
        let first = pieces.iter().find(own).and_then(|piece| piece.price);
        if let Some(((version, _), most)) = first.filter(|(_, begun)| *begun == basis).zip(most) {
            let amount = cost(&self.plans[basis.plan].prices[version].scheme, most);
            sums.insert(version, (amount, format!(" {amount} whole")));
        }
        sums
    }

    /// One line for each price version, rounded once.
    fn lines(&self, resource: usize, component: &ComponentFacts, basis: Basis, sums: Sums) -> Vec<Owed> {
        let currency = self.plans[basis.plan].currency;
        let line = |(sum, why): (Decimal, String)| Owed {
            resource,
            component: component.code.clone(),
            currency,
            amount: rounded(sum, currency),
            why: format!("{why} ({basis:?})"),
        };
        sums.into_values().map(line).collect()
    }
}

/// Hours of a period, counted from its beginning: midnights of half-hour zones, and after a move, lie within them.
fn hours_of(calendar: &Calendar, first: NaiveDate, end: NaiveDate) -> Vec<Counting> {
    let (mut at, end) = (calendar.start(first), calendar.start(end));
    let mut day = first;
    let mut last = (at, calendar.end(day));
    let mut hours = Vec::new();
    while at < end {
        let slot = (at, at + TimeDelta::hours(1));
        let mut days = vec![last];
        while last.1 < slot.1.min(end) {
            day = next(day);
            last = (last.1, calendar.end(day));
            days.push(last);
        }
        days.retain(|day| day.0 < day.1 && at < day.1);
        hours.push(Counting { slot, days });
        at = slot.1;
    }
    hours
}

/// What was in force on the basis at the last instant of the slot at which the resource lived, if that was on it. Where
/// counted days and counted hours meet, the day is that of its last instant, from its midnight on: of an hour that it
/// shares with another day, the rest has begun as an hour.
fn owner<'p>(pieces: &'p [Piece], basis: Basis, counting: &Counting) -> Option<(&'p Piece, usize)> {
    let slot = counting.slot;
    for day in counting.days.iter().rev() {
        let part = if basis.counted == Counted::Hours {
            (slot.0.max(day.0), slot.1.min(day.1))
        } else {
            slot
        };
        let Some(mut piece) = lived(pieces, part) else {
            continue;
        };
        if basis.counted == Counted::Hours {
            let of_day = || pieces.iter().filter(|piece| touches(piece, *day));
            if of_day().any(|piece| piece.counts(Counted::Days)) {
                let last = of_day().next_back()?;
                if last.counts(Counted::Days) {
                    continue;
                }
                piece = last;
            }
        }
        let (version, own) = piece.price?;
        return (own == basis).then_some((piece, version));
    }
    None
}

/// The last piece that has an instant in the slot. A day that clocks skip is lived by whoever lives on both sides of it, as
/// before it.
fn lived(pieces: &[Piece], slot: Slot) -> Option<&Piece> {
    if slot.0 == slot.1
        && !pieces
            .iter()
            .any(|piece| piece.from <= slot.0 && slot.0 < until(piece))
    {
        return None;
    }
    pieces.iter().rfind(|piece| touches(piece, slot))
}

fn touches(piece: &Piece, (start, end): Slot) -> bool {
    if start == end {
        piece.from < start && start <= until(piece)
    } else {
        piece.from < end && start < until(piece)
    }
}

fn until(piece: &Piece) -> At {
    piece.until.unwrap_or(At::MAX_UTC)
}

fn length(every: BillingPeriod) -> u32 {
    match every {
        BillingPeriod::Quarter => 3,
        BillingPeriod::HalfYear => 6,
        BillingPeriod::Year => 12,
        _ => 1,
    }
}

fn days_of(first: NaiveDate, end: NaiveDate) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    let mut day = first;
    while day < end {
        days.push(day);
        day = next(day);
    }
    days
}

/// By price version: what is owed, unrounded, and how it came about.
type Sums = BTreeMap<usize, (Decimal, String)>;

fn sums(parts: Vec<Part>, of: usize) -> Sums {
    let of = Decimal::from(of);
    let mut sums = Sums::new();
    for part in parts {
        let (sum, why) = sums.entry(part.version).or_default();
        *sum += part.price * Decimal::from(part.slots);
        *why += &*format!(" {} × {}/{of}", part.price, part.slots);
    }
    sums.into_iter()
        .map(|(version, (sum, why))| (version, (sum / of, why)))
        .collect()
}

/// History as it was known at `at`: what came later is left out, and what was in force then stays.
fn known_at(pieces: &[Piece], at: At) -> Vec<Piece> {
    let begun = pieces.iter().filter(|piece| piece.from < at);
    let known = |piece: &Piece| Piece {
        until: piece.until.filter(|until| *until <= at),
        ..piece.clone()
    };
    begun.map(known).collect()
}

fn beyond(now: Sums, before: Sums) -> Sums {
    let mut sums = now;
    for (version, (amount, why)) in before {
        let (sum, words) = sums.entry(version).or_default();
        *sum -= amount;
        *words += &*format!(" less{why}");
    }
    sums
}
