//! The history of a resource as stretches of a component's price and amount, on the clock on which shares are counted.
//!
//! Where a plan that counts days and one that counts hours meet, the day belongs to the plan in force at its last billable
//! instant, from its midnight (or from when the resource's life began); the other ends with the day before.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use entity::component;
use model::pricing::{ShareUnit, counted_in};
use model::{BillingPeriod, Held, Proration, Stretch};

use super::Account;
use super::recurring::Part;
use crate::billing::book::{Span, Version};

/// On which clock shares are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ticks {
    /// Days of the billing zone.
    Local,
    /// Hours, in UTC, where every hour is one hour long.
    Utc,
}

/// A span, with its bounds moved to where its charge begins and ends.
struct ChargedSpan<'a> {
    span: &'a Span,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    unit: Option<ShareUnit>,
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

impl Account<'_> {
    /// The whole life as stretches. Those under another plan bill nothing here, but keep the days that are theirs.
    /// `lasting`: what lasts is open, instead of ending now.
    pub(super) fn stretches<'v>(
        &self,
        part: &Part<'v>,
        ticks: Ticks,
        lasting: bool,
    ) -> Vec<Stretch<Option<Held<'v>>>> {
        let mut stretches = Vec::new();
        for charged in self.charged_spans(part.component) {
            let open = lasting && charged.span.until.is_none();
            if charged.span.plan != part.plan {
                stretches.push(Stretch {
                    from: self.tick(charged.from, ticks),
                    until: (!open).then(|| self.tick(charged.until, ticks)),
                    state: None,
                });
                continue;
            }
            let quantity = part.quantity(charged.span);
            for (from, until, version) in self.pieces(&charged, part.versions) {
                let state = Some(Held {
                    price: &version.price,
                    quantity,
                });
                let goes_on = open && until == charged.until;
                stretches.push(Stretch {
                    from: self.tick(from, ticks),
                    until: (!goes_on).then(|| self.tick(until, ticks)),
                    state,
                });
            }
        }
        stretches
    }

    /// The spans of the life with the bounds between counted days and counted hours moved to midnight.
    fn charged_spans(&self, component: &component::Model) -> Vec<ChargedSpan<'_>> {
        let of_span = |span| ChargedSpan {
            span,
            from: span.from,
            until: self.end(span),
            unit: self.unit_of(span, component),
        };
        let mut spans: Vec<ChargedSpan<'_>> = self.subject.spans.iter().map(of_span).collect();
        let began = spans.first().map(|first| first.from);
        let meets = |pair: &[ChargedSpan<'_>]| match pair {
            [before, after] => match (before.unit, after.unit) {
                (Some(left), Some(right)) if left != right => Some(after.from),
                _ => None,
            },
            _ => None,
        };
        let meetings: Vec<_> = spans.windows(2).filter_map(meets).collect();
        for at in meetings {
            let day = self.zone.day(at);
            let (start, end) = (self.zone.start_of(day), self.zone.end_of(day));
            let Some(last) = spans
                .iter()
                .rposition(|one| one.from < end && one.until > start && one.from < one.until)
            else {
                continue;
            };
            for (index, one) in spans.iter_mut().enumerate() {
                if index < last {
                    one.until = one.until.min(start.max(one.from));
                } else if index == last {
                    one.from = one.from.min(start.max(began.unwrap_or(start)));
                }
            }
        }
        spans.retain(|one| one.from < one.until);
        spans
    }

    /// What the shares of a component are counted in, in the plan of a span.
    fn unit_of(&self, span: &Span, component: &component::Model) -> Option<ShareUnit> {
        let (plan, _) = self.sold(span.plan, component)?;
        counted_in(component.terms().every_in(plan.every), plan.proration)
    }

    /// A span cut where a new price version starts.
    fn pieces<'v>(
        &self,
        charged: &ChargedSpan<'_>,
        versions: &'v [Version],
    ) -> Vec<(DateTime<Utc>, DateTime<Utc>, &'v Version)> {
        let starts = |version: &Version| self.zone.start_of(version.valid_from);
        let nexts = versions
            .iter()
            .skip(1)
            .map(|next| Some(starts(next)))
            .chain([None]);
        let piece = |(index, (version, next)): (usize, (&'v Version, Option<DateTime<Utc>>))| {
            let from = if index == 0 {
                charged.from
            } else {
                charged.from.max(starts(version))
            };
            let until = next.map_or(charged.until, |next| next.min(charged.until));
            (from < until).then_some((from, until, version))
        };
        versions.iter().zip(nexts).enumerate().filter_map(piece).collect()
    }

    /// An instant on the clock of shares. Days have the lengths that clock changes give them, so that the order of two
    /// instants within the hour that comes twice is kept: their distance from the start of the day, in parts of it.
    pub(super) fn tick(&self, at: DateTime<Utc>, ticks: Ticks) -> NaiveDateTime {
        if ticks == Ticks::Utc {
            return at.naive_utc();
        }
        let day = self.zone.day(at);
        let (start, end) = (self.zone.start_of(day), self.zone.end_of(day));
        let micros = |span: TimeDelta| i128::from(span.num_microseconds().unwrap_or_default());
        let part = micros(at - start) * micros(TimeDelta::days(1)) / micros(end - start).max(1);
        let part = TimeDelta::microseconds(i64::try_from(part).unwrap_or_default());
        day.and_time(NaiveTime::MIN) + part
    }
}
