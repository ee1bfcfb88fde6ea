//! Fixed amounts and limits that are charged by the share of a period in which they were in force.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use entity::component;
use model::{
    BillingPeriod, ChargeType, Charged, DateRange, Fixed, Held, LimitPeriod, Line, Month, PlanId, Proration,
    Recurring, Stretch, Window,
};

use super::{Account, Due, Fault};
use crate::billing::book::{PlanTerms, Span, Version};

/// On which clock shares are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ticks {
    /// Days, by the wall clock of the billing zone.
    Local,
    /// Hours, in UTC, where every hour is one hour long.
    Utc,
}

impl Account<'_> {
    /// The charges of the periods that are billed in this month: one line per component and price version.
    pub(super) fn recurring(&self) -> Result<Vec<Due>, Fault> {
        let mut dues = Vec::new();
        for component in self
            .tariff
            .components
            .iter()
            .filter(|component| recurs(component))
        {
            for plan in self.plans() {
                let Some((terms, versions)) = self.sold(plan, component) else {
                    continue;
                };
                let every = match component.charge {
                    ChargeType::Limit => component.limit_period.billing(),
                    _ => terms.every,
                };
                for period in self.periods(every, plan) {
                    let part = Part {
                        component,
                        plan,
                        terms,
                        versions,
                        every,
                        period,
                    };
                    dues.extend(self.charged_in(&part)?);
                }
            }
        }
        Ok(dues)
    }

    /// The plans that the resource had, in the order in which it first had them.
    fn plans(&self) -> Vec<PlanId> {
        let mut plans = Vec::new();
        for span in &self.subject.spans {
            if !plans.contains(&span.plan) {
                plans.push(span.plan);
            }
        }
        plans
    }

    /// The periods that stand on this month's invoice.
    fn periods(&self, every: BillingPeriod, plan: PlanId) -> Vec<DateRange> {
        if every == BillingPeriod::Once {
            return self
                .entries(plan)
                .map(|on| DateRange {
                    start: on,
                    end: on.succ_opt().unwrap_or(on),
                })
                .collect();
        }
        let first = self.month.first_day();
        let Some(period) = every.months().and_then(|_| every.containing(first)) else {
            return vec![self.month.range()];
        };
        let ended = self.last_day().filter(|day| period.contains(*day));
        let billed_in = Month::containing(ended.unwrap_or_else(|| period.last_day()));
        if billed_in == self.month {
            vec![period]
        } else {
            Vec::new()
        }
    }

    /// The days of this month on which the resource came to `plan`.
    fn entries(&self, plan: PlanId) -> impl Iterator<Item = NaiveDate> {
        let before = std::iter::once(None).chain(self.subject.spans.iter().map(|span| Some(span.plan)));
        let came = self
            .subject
            .spans
            .iter()
            .zip(before)
            .filter(move |(span, before)| span.plan == plan && *before != Some(plan));
        came.filter(|(span, _)| self.in_month(span.from))
            .map(|(span, _)| self.zone.day(span.from))
    }

    fn charged_in(&self, part: &Part<'_>) -> Result<Vec<Due>, Fault> {
        let by_hour = part.every == BillingPeriod::Hour || part.terms.proration == Proration::Hour;
        let ticks = if by_hour { Ticks::Utc } else { Ticks::Local };
        let stretches = self.stretches(part, ticks);
        let input = Recurring {
            window: self.window(part.period, ticks),
            every: part.every,
            proration: part.terms.proration,
            stretches: &stretches,
        };
        let currency = part.terms.currency;
        let lines = Charged {
            terms: &part.component.terms(),
            currency,
        }
        .recurring(&input)?;
        let due = |line: Line| Due {
            currency,
            days: self.days(&line, part.period, ticks),
            line,
            late: None,
        };
        Ok(lines.into_iter().map(due).collect())
    }

    /// The whole life as stretches. Those under another plan bill nothing here, but keep the days that are theirs.
    fn stretches<'v>(&self, part: &Part<'v>, ticks: Ticks) -> Vec<Stretch<Option<Held<'v>>>> {
        let mut stretches = Vec::new();
        for span in &self.subject.spans {
            let (from, until) = (span.from, self.end(span));
            if span.plan != part.plan {
                stretches.push(Stretch {
                    from: self.tick(from, ticks),
                    until: Some(self.tick(until, ticks)),
                    state: None,
                });
                continue;
            }
            let quantity = part.quantity(span);
            for (from, until, version) in self.pieces(span, part.versions) {
                let state = Some(Held {
                    price: &version.price,
                    quantity,
                });
                stretches.push(Stretch {
                    from: self.tick(from, ticks),
                    until: Some(self.tick(until, ticks)),
                    state,
                });
            }
        }
        stretches
    }

    /// A span cut where a new price version starts.
    fn pieces<'v>(
        &self,
        span: &Span,
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
                span.from
            } else {
                span.from.max(starts(version))
            };
            let until = next.map_or(self.end(span), |next| next.min(self.end(span)));
            (from < until).then_some((from, until, version))
        };
        versions.iter().zip(nexts).enumerate().filter_map(piece).collect()
    }

    fn tick(&self, at: DateTime<Utc>, ticks: Ticks) -> NaiveDateTime {
        match ticks {
            Ticks::Local => self.zone.local(at),
            Ticks::Utc => at.naive_utc(),
        }
    }

    fn window(&self, period: DateRange, ticks: Ticks) -> Window {
        match ticks {
            Ticks::Local => period.window(),
            Ticks::Utc => Window {
                start: self.zone.start_of(period.start).naive_utc(),
                end: self.zone.start_of(period.end).naive_utc(),
            },
        }
    }

    /// The days of the billing zone that a line covers.
    fn days(&self, line: &Line, period: DateRange, ticks: Ticks) -> DateRange {
        let Some(window) = line.window else { return period };
        let days = match ticks {
            Ticks::Local => window.dates(),
            Ticks::Utc => {
                let last = self.zone.day(window.end.and_utc() - TimeDelta::microseconds(1));
                DateRange {
                    start: self.zone.day(window.start.and_utc()),
                    end: last.succ_opt().unwrap_or(last),
                }
            }
        };
        days.intersect(period).unwrap_or(period)
    }
}

/// A component of a plan in one period.
struct Part<'a> {
    component: &'a component::Model,
    plan: PlanId,
    terms: &'a PlanTerms,
    versions: &'a [Version],
    every: BillingPeriod,
    period: DateRange,
}

impl Part<'_> {
    fn quantity(&self, span: &Span) -> Fixed {
        match self.component.charge {
            ChargeType::Limit => span.limits.get(&self.component.code).copied().unwrap_or_default(),
            _ => Fixed::ONE,
        }
    }
}

fn recurs(component: &component::Model) -> bool {
    match component.charge {
        ChargeType::Fixed => true,
        ChargeType::Limit => !component.prepaid && component.limit_period != LimitPeriod::Total,
        ChargeType::Usage | ChargeType::OneTime | ChargeType::OnPlanSwitch => false,
    }
}
