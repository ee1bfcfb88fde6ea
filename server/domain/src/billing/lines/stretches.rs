//! The history of a resource as stretches of a component's price and amount, on the clock on which shares are counted.
//!
//! Where terms that count days and terms that count hours meet (of two plans, or of one that changed them), the day belongs
//! to those in force at its last billable instant, from its midnight (or from when the resource's life began, or went on after
//! it was over); the other ends with the day before. Midnight may lie within an hour, in zones of half hours or after a move:
//! what of that hour lies outside the days is an hour that has begun, and ends or begins at midnight.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use entity::component;
use model::pricing::{ShareUnit, counted_in};
use model::{BillingPeriod, DateRange, PriceVersion, PricedQuantity, Proration, Stretch, Window};

use super::ResourceMonth;
use super::basis::{Basis, Part, quantity};
use crate::billing::inputs::Span;

/// On which clock shares are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ticks {
    /// Days of the billing zone.
    Local,
    /// Hours, in UTC, where every hour is one hour long.
    Utc,
}

/// What of the history a charge is computed from.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// As it was known at this instant: what came later is left out, and what was in force then stays. Without one, all.
    pub(super) until: Option<DateTime<Utc>>,
    /// What lasts stays, instead of ending now.
    pub(super) lasts: bool,
}

/// What a part of a plan is charged for.
pub(super) struct Stretches<'a> {
    pub(super) own: Vec<Stretch<Option<PricedQuantity<'a>>>>,
    /// Where hours are counted, the time of those that count days: they have no hours.
    pub(super) by_days: Vec<Window>,
}

/// A part of a span under one price and one set of terms, with its bounds moved to where its charge begins and ends.
struct ChargedPiece<'a> {
    span: &'a Span,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// It goes on; `until` is how long it has lasted.
    lasts: bool,
    /// None where the component costs nothing.
    price: Option<(&'a PriceVersion, Basis)>,
}

impl ChargedPiece<'_> {
    /// What its shares are counted in.
    fn unit(&self) -> Option<ShareUnit> {
        let (_, basis) = self.price?;
        counted_in(basis.every, basis.proration)
    }

    /// Whether what follows is the same: a cut that changes nothing of the component, as that of a renewal at the same price.
    fn goes_on_as(&self, after: &ChargedPiece<'_>, component: &component::Model) -> bool {
        let version = |piece: &ChargedPiece<'_>| piece.price.map(|(price, basis)| (price.id, basis));
        self.until == after.from
            && self.span.plan == after.span.plan
            && version(self) == version(after)
            && quantity(component, self.span) == quantity(component, after.span)
    }
}

impl Ticks {
    /// The clock of prices for such periods.
    pub(super) fn of(every: BillingPeriod, proration: Proration) -> Self {
        match counted_in(every, proration) {
            Some(ShareUnit::Hour) => Self::Utc,
            _ => Self::Local,
        }
    }
}

impl ResourceMonth<'_> {
    /// The life, as far as it is known, as stretches. Those under another plan or on another basis bill nothing here, but
    /// keep the days that are theirs.
    pub(super) fn stretches<'v>(&'v self, part: &Part<'_>, ticks: Ticks, known: Known) -> Stretches<'v> {
        let by_days = |piece: &ChargedPiece<'_>| ticks == Ticks::Utc && piece.unit() == Some(ShareUnit::Day);
        let pieces = self.charged_pieces(part.component, known, part.basis);
        let begins: BTreeSet<DateTime<Utc>> = pieces.iter().map(|piece| piece.from).collect();
        let stretch = |piece: ChargedPiece<'v>| {
            let until = if begins.contains(&piece.until) {
                self.tick(piece.until, ticks)
            } else {
                self.tick_of_end(piece.until, ticks)
            };
            let counts = |(_, basis): &(&PriceVersion, Basis)| {
                piece.span.plan == part.plan && basis.shares_periods_with(part.basis)
            };
            Stretch {
                from: self.tick(piece.from, ticks),
                until: (!piece.lasts).then_some(until),
                state: piece.price.filter(counts).map(|(version, _)| PricedQuantity {
                    price: &version.price,
                    quantity: quantity(part.component, piece.span),
                }),
            }
        };
        let (days, own): (Vec<_>, Vec<_>) = pieces.into_iter().partition(by_days);
        let window = |piece: &ChargedPiece<'_>| Window {
            start: piece.from.naive_utc(),
            end: if piece.lasts {
                NaiveDateTime::MAX
            } else {
                piece.until.naive_utc()
            },
        };
        Stretches {
            by_days: days.iter().map(window).collect(),
            own: own.into_iter().map(stretch).collect(),
        }
    }

    /// On which basis the first was charged of those that share the period with `part`.
    pub(super) fn first_charged(&self, part: &Part<'_>, period: DateRange) -> Option<Basis> {
        let (start, end) = (self.zone.start_of(period.start), self.zone.start_of(period.end));
        let all = Known {
            until: None,
            lasts: true,
        };
        let pieces = self.charged_pieces(part.component, all, part.basis);
        let charged = pieces.iter().filter(|piece| {
            piece.span.plan == part.plan && piece.from < end && (piece.lasts || piece.until > start)
        });
        charged
            .filter(|piece| !quantity(part.component, piece.span).is_zero())
            .filter_map(|piece| Some(piece.price?.1))
            .find(|basis| basis.shares_periods_with(part.basis))
    }

    /// The life in pieces of one price and one set of terms, with the bounds between counted days and counted hours moved
    /// to midnight. What is charged whole is owed however short it was, also within a day that then belongs to others: for
    /// a `basis` that charges whole the bounds stay.
    fn charged_pieces(
        &self,
        component: &component::Model,
        known: Known,
        basis: Basis,
    ) -> Vec<ChargedPiece<'_>> {
        let mut pieces: Vec<ChargedPiece<'_>> = Vec::new();
        for piece in self
            .resource
            .spans
            .iter()
            .flat_map(|span| self.pieces(span, component))
        {
            match pieces.last_mut() {
                // What goes on as it was has not ended, wherever history is cut.
                Some(last) if last.goes_on_as(&piece, component) => {
                    (last.until, last.lasts) = (piece.until, piece.lasts);
                }
                _ => pieces.push(piece),
            }
        }
        if let Some(at) = known.until {
            pieces.retain(|piece| piece.from < at);
        }
        for piece in &mut pieces {
            let later = known.until.is_some_and(|at| piece.until > at);
            piece.lasts = later || (known.lasts && piece.lasts);
        }
        if !basis.is_whole() {
            self.part_at_midnight(&mut pieces);
        }
        pieces.retain(|one| one.from < one.until);
        pieces
    }

    /// Gives each day that has counted days and counted hours to what it ends with.
    fn part_at_midnight(&self, pieces: &mut [ChargedPiece<'_>]) {
        let first_days: BTreeSet<NaiveDate> = pieces.iter().map(|piece| self.zone.day(piece.from)).collect();
        for day in first_days {
            let (start, end) = (self.zone.start_of(day), self.zone.end_of(day));
            let in_day = |one: &ChargedPiece<'_>| one.from < end && one.until > start && one.from < one.until;
            let has = |unit| pieces.iter().any(|one| in_day(one) && one.unit() == Some(unit));
            if !(has(ShareUnit::Day) && has(ShareUnit::Hour)) {
                continue;
            }
            let Some(last) = pieces.iter().rposition(in_day) else {
                continue;
            };
            let began = began(pieces, last);
            for (index, one) in pieces.iter_mut().enumerate() {
                if index < last {
                    one.until = one.until.min(start.max(one.from));
                } else if index == last {
                    one.from = one.from.min(start.max(began.unwrap_or(start)));
                }
            }
        }
    }

    /// A span cut where a new price or new terms begin to count, with what lies before the first price.
    fn pieces<'s>(&'s self, span: &'s Span, component: &component::Model) -> Vec<ChargedPiece<'s>> {
        let until = self.end(span);
        let goes_on = span.until.is_none_or(|end| end > self.now);
        let priced = match self.in_force(span, component) {
            // It begins at this very instant: too late to have lasted, but what it follows has not ended.
            Some(in_force) if span.from == until && goes_on => in_force.piece_at(until).into_iter().collect(),
            Some(in_force) => in_force.pieces(span.from, until),
            None => Vec::new(),
        };
        let first = priced.first().map_or(until, |first| first.from);
        let free = ChargedPiece {
            span,
            from: span.from,
            until: first,
            lasts: priced.is_empty() && goes_on,
            price: None,
        };
        let charged = priced.iter().map(|piece| ChargedPiece {
            span,
            from: piece.from,
            until: piece.until,
            lasts: piece.until == until && goes_on,
            price: Some((piece.price, Basis::of(component, piece))),
        });
        std::iter::once(free)
            .filter(|free| free.from < free.until)
            .chain(charged)
            .collect()
    }

    /// An instant on the clock of shares. Days have the lengths that clock changes give them, so that the order of two
    /// instants within the hour that comes twice is kept: their distance from the start of the day, in parts of it.
    pub(super) fn tick(&self, at: DateTime<Utc>, ticks: Ticks) -> NaiveDateTime {
        self.tick_on(self.zone.day(at), at, ticks)
    }

    /// Where a life ends that nothing follows. A day that the calendar skips at this very instant has not been lived.
    fn tick_of_end(&self, at: DateTime<Utc>, ticks: Ticks) -> NaiveDateTime {
        self.tick_on(self.zone.day(at - TimeDelta::microseconds(1)), at, ticks)
    }

    fn tick_on(&self, day: NaiveDate, at: DateTime<Utc>, ticks: Ticks) -> NaiveDateTime {
        if ticks == Ticks::Utc {
            return at.naive_utc();
        }
        let (start, end) = (self.zone.start_of(day), self.zone.end_of(day));
        let micros = |span: TimeDelta| i128::from(span.num_microseconds().unwrap_or_default());
        let part = micros(at - start) * micros(TimeDelta::days(1)) / micros(end - start).max(1);
        let part = TimeDelta::microseconds(i64::try_from(part).unwrap_or_default());
        day.and_time(NaiveTime::MIN) + part
    }
}

/// When the life began that this piece is of: nothing lies between it and those before it.
fn began(pieces: &[ChargedPiece<'_>], last: usize) -> Option<DateTime<Utc>> {
    let mut from = None;
    for one in pieces.get(..=last)?.iter().rev() {
        if from.is_some_and(|from| one.until < from) {
            break;
        }
        from = Some(one.from);
    }
    from
}
