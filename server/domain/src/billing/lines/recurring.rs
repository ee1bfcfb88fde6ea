//! Fixed amounts and limits that are charged by the share of a period in which they were in force.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::component;
use model::pricing::schedule::{Scheduled, differences, differences_by_tax, scheduled};
use model::{
    BillingPeriod, ChargeType, Charged, Currency, DateRange, Line, Month, PlanId, PricingError, Recurring,
    SharedTime, TaxRate, Window,
};

use crate::billing::inputs::Span;

use super::basis::{Basis, Part};
use super::stretches::{Known, Ticks};
use super::{Due, Fault, ResourceMonth};

impl ResourceMonth<'_> {
    /// The charges of the periods that are billed in this month: one line per component, basis and price version.
    pub(super) fn recurring(&self) -> Result<Vec<Due>, Fault> {
        let mut dues = Vec::new();
        for component in &self.tariff.components {
            let terms = component.terms();
            for plan in self.plans() {
                for (currency, basis) in self.bases(plan, component) {
                    // What is charged once is, too, where it is a fixed amount: when the plan is entered.
                    if !terms.recurs_in(basis.every) && terms.charge != ChargeType::Fixed {
                        continue;
                    }
                    let part = Part {
                        component,
                        plan,
                        currency,
                        basis,
                    };
                    for period in self.periods(&part) {
                        let charged = self.charged_in(&part, period);
                        dues.extend(charged.map_err(|fault| fault.of(component, None))?);
                    }
                }
            }
        }
        Ok(dues)
    }

    /// On which bases the component was charged in a plan, in the order in which they came. More than one where the
    /// plan's terms have changed.
    fn bases(&self, plan: PlanId, component: &component::Model) -> Vec<(Currency, Basis)> {
        let mut bases: Vec<(Currency, Basis)> = Vec::new();
        for span in self.resource.spans.iter().filter(|span| span.plan == plan) {
            let Some(in_force) = self.in_force(span, component) else {
                continue;
            };
            for piece in in_force.pieces(span.from, self.end(span)) {
                let found = (in_force.currency, Basis::of(component, &piece));
                if !bases.contains(&found) {
                    bases.push(found);
                }
            }
        }
        bases
    }

    /// The plans that the resource had, in the order in which it first had them.
    fn plans(&self) -> Vec<PlanId> {
        let mut plans = Vec::new();
        for span in &self.resource.spans {
            if !plans.contains(&span.plan) {
                plans.push(span.plan);
            }
        }
        plans
    }

    /// The periods that stand on this month's invoice.
    fn periods(&self, part: &Part<'_>) -> Vec<Scheduled> {
        if part.basis.every == BillingPeriod::Once {
            let entry = |on: NaiveDate| Scheduled {
                period: DateRange {
                    start: on,
                    end: on.succ_opt().unwrap_or(on),
                },
                in_advance: false,
            };
            // A price that is charged once and came after the entry is for those who come after it.
            let entered = self
                .entries(part.plan)
                .filter(|span| self.is_basis_at_entry(part, span));
            return entered.map(|span| entry(self.zone.day(span.from))).collect();
        }
        let ended = self.last_days().into_iter();
        let last_day = ended.filter(|day| self.month.range().contains(*day)).max();
        scheduled(part.basis.every, part.basis.mode, self.month, last_day)
            .into_iter()
            .collect()
    }

    /// The stretches that begin in this month with which the resource came to `plan`.
    fn entries(&self, plan: PlanId) -> impl Iterator<Item = &Span> {
        let before = std::iter::once(None).chain(self.resource.spans.iter().map(|span| Some(span.plan)));
        let came = self.resource.spans.iter().zip(before);
        came.filter(move |(span, before)| span.plan == plan && *before != Some(plan))
            .map(|(span, _)| span)
            .filter(|span| self.in_month(span.from))
    }

    /// Whether the price with which a stretch begins is on this basis.
    fn is_basis_at_entry(&self, part: &Part<'_>, span: &Span) -> bool {
        let pieces = self
            .in_force(span, part.component)
            .map(|in_force| in_force.pieces(span.from, self.end(span)));
        let first = pieces.and_then(|pieces| pieces.into_iter().next());
        first.is_some_and(|piece| piece.from == span.from && Basis::of(part.component, &piece) == part.basis)
    }

    fn charged_in(&self, part: &Part<'_>, scheduled: Scheduled) -> Result<Vec<Due>, Fault> {
        let period = scheduled.period;
        let ticks = Ticks::of(part.basis.every, part.basis.proration);
        let (before, tax) = (self.billed_before(scheduled), self.taxes.of(self.month));
        // Of a longer period only what was known at the end of the month stands on its invoice, however late it is closed.
        let is_longer = period != self.month.range() && part.basis.every != BillingPeriod::Once;
        if !self.begins(part, period) {
            return Ok(Vec::new());
        }
        let currency = part.currency;
        let terms = part.component.terms();
        let charged = Charged {
            terms: &terms,
            currency,
        };
        let is_once = part.basis.every == BillingPeriod::Once;
        let entered = self
            .entries(part.plan)
            .map(|span| span.from)
            .find(|at| is_once && self.zone.day(*at) == period.start);
        let known_at = |known: Known, month: Month| {
            let mut stretches = self.stretches(part, ticks, known);
            if let Some(entered) = entered {
                // Who left the plan on the day on which it was come back to has paid that stay.
                let entered = self.tick(entered, ticks);
                stretches
                    .own
                    .retain(|stretch| stretch.until.is_none_or(|until| until > entered));
            }
            charged.recurring(&Recurring {
                time: SharedTime {
                    window: self.window(period, ticks, month.last_day()),
                    begun_as: self.window(period, ticks, period.start),
                    by_days: &stretches.by_days,
                },
                every: part.basis.every,
                proration: part.basis.proration,
                stretches: &stretches.own,
            })
        };
        let lines = if is_longer {
            let known_after = |month: Month| {
                let known = Known {
                    until: Some(self.end_of(month).min(self.now)),
                    lasts: scheduled.in_advance,
                };
                known_at(known, month)
            };
            self.since_billed(&before, known_after)?
        } else {
            let all = Known {
                until: None,
                lasts: scheduled.in_advance,
            };
            let lines = known_at(all, self.month)?;
            lines.into_iter().map(|line| (tax.clone(), line)).collect()
        };
        let due = |(tax, line): (TaxRate, Line)| Due {
            currency,
            tax,
            days: self.days(&line, period, ticks),
            correction: is_longer && line.derivation.segments.iter().any(|one| one.negative),
            line,
            late: None,
        };
        Ok(lines.into_iter().map(due).collect())
    }

    /// Whether the period began on this basis, of those that charge it whole.
    fn begins(&self, part: &Part<'_>, period: DateRange) -> bool {
        !part.basis.is_whole()
            || self
                .first_charged(part, period)
                .is_none_or(|basis| basis == part.basis)
    }

    fn end_of(&self, month: Month) -> DateTime<Utc> {
        self.zone.start_of(month.next().first_day())
    }

    /// What the period comes to beyond what the documents of the months `before` billed of it, by tax.
    fn since_billed(
        &self,
        before: &BTreeSet<Month>,
        known_after: impl Fn(Month) -> Result<Vec<Line>, PricingError>,
    ) -> Result<Vec<(TaxRate, Line)>, PricingError> {
        let tax = self.taxes.of(self.month);
        let after = known_after(self.month)?;
        if before.iter().all(|month| self.taxes.of(*month) == tax) {
            let billed = before.last().map(|month| known_after(*month)).transpose()?;
            let lines = differences(&after, &billed.unwrap_or_default())?;
            return Ok(lines.into_iter().map(|line| (tax.clone(), line)).collect());
        }
        let mut billed = Vec::new();
        for month in before {
            billed.push((self.taxes.of(*month), known_after(*month)?));
        }
        billed.push((tax, after));
        differences_by_tax(&billed)
    }

    /// The months on whose documents some of the period stands already: in advance all that it had before this one; in
    /// arrears those at whose end the resource was gone, though it came back since.
    fn billed_before(&self, scheduled: Scheduled) -> BTreeSet<Month> {
        let earlier = |month: &Month| *month < self.month;
        if scheduled.in_advance {
            let first = Month::containing(scheduled.period.start);
            let months = std::iter::successors(Some(first), |month| Some(month.next()));
            return months.take_while(earlier).collect();
        }
        let ended = self.last_days().into_iter();
        let within = ended.filter(|day| scheduled.period.contains(*day));
        within.map(Month::containing).filter(earlier).collect()
    }

    /// The time of a period by the calendar as it was on a day of it: a move to another time zone, which counts from a
    /// later month, changes nothing of what the months before it come to.
    fn window(&self, period: DateRange, ticks: Ticks, known_on: NaiveDate) -> Window {
        match ticks {
            Ticks::Local => period.window(),
            Ticks::Utc => Window {
                start: self.zone.start_of(period.start).naive_utc(),
                end: self.zone.as_of(known_on).start_of(period.end).naive_utc(),
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
