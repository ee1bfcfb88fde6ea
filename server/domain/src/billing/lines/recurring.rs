//! Fixed amounts and limits that are charged by the share of a period in which they were in force.

use chrono::{NaiveDate, TimeDelta};
use entity::component;
use model::pricing::schedule::{Scheduled, scheduled};
use model::{
    BillingPeriod, ChargeMode, ChargeType, Charged, Currency, DateRange, Fixed, Line, PlanId, Proration,
    Recurring, Window,
};

use super::in_force::Piece;
use super::stretches::Ticks;
use super::{Account, Due, Fault};
use crate::billing::book::Span;

impl Account<'_> {
    /// The charges of the periods that are billed in this month: one line per component, basis and price version.
    pub(super) fn recurring(&self) -> Result<Vec<Due>, Fault> {
        let mut dues = Vec::new();
        for component in &self.tariff.components {
            let terms = component.terms();
            for plan in self.plans() {
                for (currency, basis) in self.bases(plan, component) {
                    let recurs =
                        terms.recurs_in(basis.every_of_plan) || component.charge == ChargeType::Fixed;
                    if !recurs {
                        continue;
                    }
                    let part = Part {
                        component,
                        plan,
                        currency,
                        basis,
                    };
                    for period in self.periods(&part) {
                        dues.extend(self.charged_in(&part, period)?);
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
        for span in self.subject.spans.iter().filter(|span| span.plan == plan) {
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
        for span in &self.subject.spans {
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
            return self.entries(part.plan).map(entry).collect();
        }
        scheduled(part.basis.every, part.basis.mode, self.month, self.last_day())
            .into_iter()
            .collect()
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

    fn charged_in(&self, part: &Part<'_>, scheduled: Scheduled) -> Result<Vec<Due>, Fault> {
        let period = scheduled.period;
        let ticks = Ticks::of(part.basis.every, part.basis.proration);
        let stretches = self.stretches(part, ticks, scheduled.in_advance);
        let input = Recurring {
            window: self.window(period, ticks),
            every: part.basis.every,
            proration: part.basis.proration,
            stretches: &stretches,
        };
        let currency = part.currency;
        let terms = part.component.terms();
        let charged = Charged {
            terms: &terms,
            currency,
        };
        let month = self.window(self.month.range(), ticks);
        let began_before = period.start < self.month.first_day();
        let lines = if scheduled.in_advance {
            let known = month.end.min(self.tick(self.now, ticks));
            charged.in_advance(&input, known, began_before.then_some(month.start))?
        } else {
            charged.recurring(&input)?
        };
        let due = |line: Line| Due {
            currency,
            days: self.days(&line, period, ticks),
            correction: scheduled.in_advance && line.derivation.segments.iter().any(|one| one.negative),
            line,
            late: None,
        };
        Ok(lines.into_iter().map(due).collect())
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

/// By what a component is charged: the period of its price, how parts of one count, and on which invoice it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Basis {
    /// The period that the price is for.
    pub(super) every: BillingPeriod,
    /// The period of the plan for which the price was published.
    every_of_plan: BillingPeriod,
    pub(super) proration: Proration,
    mode: ChargeMode,
}

impl Basis {
    pub(super) fn of(component: &component::Model, piece: &Piece<'_>) -> Self {
        Self {
            every: component.terms().every_in(piece.price.every),
            every_of_plan: piece.price.every,
            proration: piece.terms.proration,
            mode: piece.terms.charge_mode,
        }
    }
}

/// A component of a plan on one basis.
pub(super) struct Part<'a> {
    pub(super) component: &'a component::Model,
    pub(super) plan: PlanId,
    currency: Currency,
    pub(super) basis: Basis,
}

impl Part<'_> {
    pub(super) fn quantity(&self, span: &Span) -> Fixed {
        match self.component.charge {
            ChargeType::Limit => span.limits.get(&self.component.code).copied().unwrap_or_default(),
            _ => Fixed::ONE,
        }
    }
}
