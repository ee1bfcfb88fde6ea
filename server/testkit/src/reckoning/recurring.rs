//! Fixed amounts and limits, period by period: each day is billed once, at the state in force at the last instant of it
//! at which the resource lived; with hours likewise.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use model::{BillingPeriod, ChargeType, Currency, LimitPeriod, Month, Proration};
use rust_decimal::Decimal;

use super::calendar::next;
use super::prices::cost;
use super::{At, ComponentFacts, Facts, Owed, PlanFacts, Span, rounded};

/// How a component is counted in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Days,
    Hours,
    Whole,
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
            let limit = component.charge == ChargeType::Limit && component.period != Some(LimitPeriod::Total);
            if component.charge != ChargeType::Fixed && !limit {
                continue;
            }
            for plan in 0..self.plans.len() {
                let every = period_of(component, &self.plans[plan]);
                for (first, end) in self.periods(resource, every, plan, month) {
                    owed.extend(self.in_period(resource, component, plan, every, (first, end)));
                }
            }
        }
        owed
    }

    /// The periods that stand on the document of `month`: in advance where they begin, in arrears where they end, at the
    /// latest where the resource ends.
    fn periods(
        &self,
        resource: usize,
        every: BillingPeriod,
        plan: usize,
        month: Month,
    ) -> Vec<(NaiveDate, NaiveDate)> {
        let (first, end) = (month.first_day(), month.next().first_day());
        let months = match every {
            BillingPeriod::Hour | BillingPeriod::Day => return vec![(first, end)],
            BillingPeriod::Once => return Vec::new(),
            BillingPeriod::Month => 1,
            BillingPeriod::Quarter => 3,
            BillingPeriod::HalfYear => 6,
            BillingPeriod::Year => 12,
        };
        let mut start = month;
        while (start.month() - 1) % months != 0 {
            start = start.prev();
        }
        let mut last = start;
        for _ in 1..months {
            last = last.next();
        }
        let spans = &self.resources[resource].spans;
        let ended = spans
            .last()
            .and_then(|span| span.until)
            .map(|at| Month::containing(self.calendar.day(before(at))));
        let stands = if self.plans[plan].in_advance {
            // What follows is billed where it happens; generators keep to arrears where that matters.
            start
        } else {
            ended.map_or(last, |ended| ended.clamp(start, last))
        };
        let period = (start.first_day(), last.next().first_day());
        if stands == month { vec![period] } else { Vec::new() }
    }

    fn in_period(
        &self,
        resource: usize,
        component: &ComponentFacts,
        plan: usize,
        every: BillingPeriod,
        (first, end): (NaiveDate, NaiveDate),
    ) -> Vec<Owed> {
        let counted = self.counted(plan, every);
        let (slots, of) = match counted {
            Counted::Days => {
                let days = days_of(first, end);
                let of = if every == BillingPeriod::Day {
                    1
                } else {
                    days.len()
                };
                (
                    days.into_iter()
                        .map(|day| (self.calendar.start(day), self.calendar.end(day)))
                        .collect(),
                    of,
                )
            }
            Counted::Hours => {
                let hours = self.hours_of(first, end);
                let of = match every {
                    BillingPeriod::Hour => 1,
                    BillingPeriod::Day => 24,
                    _ => hours.len(),
                };
                (hours, of)
            }
            Counted::Whole => (vec![(self.calendar.start(first), self.calendar.start(end))], 1),
        };
        let mut parts: Vec<Part> = Vec::new();
        for slot in slots {
            let Some((span, last)) = self.owner(resource, plan, counted, slot) else {
                continue;
            };
            let Some((version, price)) = self.price(plan, &component.code, span.ordered, last) else {
                continue;
            };
            let quantity = match component.charge {
                ChargeType::Limit => span.limits.get(&component.code).copied().unwrap_or_default(),
                _ => Decimal::ONE,
            };
            let price = cost(&price.scheme, quantity);
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
        lines(resource, component, self.plans[plan].currency, parts, of)
    }

    fn counted(&self, plan: usize, every: BillingPeriod) -> Counted {
        match (every, self.plans[plan].proration) {
            (BillingPeriod::Hour, _) | (_, Proration::Hour) => Counted::Hours,
            (BillingPeriod::Day, _) | (_, Proration::Day) => Counted::Days,
            (_, Proration::None) => Counted::Whole,
        }
    }

    /// Hours of a period, counted from its beginning; the last may be a part of one.
    fn hours_of(&self, first: NaiveDate, end: NaiveDate) -> Vec<(At, At)> {
        let (mut at, end) = (self.calendar.start(first), self.calendar.start(end));
        let mut hours = Vec::new();
        while at < end {
            hours.push((at, at + TimeDelta::hours(1)));
            at += TimeDelta::hours(1);
        }
        hours
    }

    /// What was in force under `plan` at the last instant of the slot at which the resource lived, if that was under it.
    fn owner(
        &self,
        resource: usize,
        plan: usize,
        counted: Counted,
        (start, end): (At, At),
    ) -> Option<(&Span, At)> {
        let spans = &self.resources[resource].spans;
        match counted {
            // Whatever follows, a period that has begun under the plan is owed whole.
            Counted::Whole => lived(spans.iter().filter(|span| span.plan == plan), (start, end)),
            Counted::Days => {
                let (span, last) = lived(spans.iter(), (start, end))?;
                (span.plan == plan).then_some((span, last))
            }
            Counted::Hours => {
                // Where days and hours meet, the day belongs to the plan at its last instant, from its midnight.
                let day = self.calendar.day(start);
                let whole = (self.calendar.start(day), self.calendar.end(day));
                let (owner, _) = lived(spans.iter(), whole)?;
                let (span, last) = lived(spans.iter(), (start, end))?;
                let by_hours = |span: &Span| self.counts_hours(span.plan);
                if !by_hours(owner) {
                    return None;
                }
                let span = if by_hours(span) { span } else { owner };
                (span.plan == plan).then_some((span, last))
            }
        }
    }

    fn counts_hours(&self, plan: usize) -> bool {
        self.plans[plan].period == BillingPeriod::Hour || self.plans[plan].proration == Proration::Hour
    }
}

/// The last of `spans` that has an instant in the slot, and its last instant in it. A day that clocks skip is lived by
/// whoever lives on both sides of it.
fn lived<'s>(spans: impl Iterator<Item = &'s Span>, (start, end): (At, At)) -> Option<(&'s Span, At)> {
    let skipped = start == end;
    let mut found = None;
    for span in spans {
        let until = span.until.unwrap_or(At::MAX_UTC);
        let touches = if skipped {
            span.from < start && start < until
        } else {
            span.from < end && start < until && span.from < until
        };
        if touches {
            found = Some((span, before(until.min(end))));
        }
    }
    found
}

fn before(at: At) -> At {
    at - TimeDelta::microseconds(1)
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

fn period_of(component: &ComponentFacts, plan: &PlanFacts) -> BillingPeriod {
    let own = match component.period {
        Some(LimitPeriod::Month) => Some(BillingPeriod::Month),
        Some(LimitPeriod::Quarter) => Some(BillingPeriod::Quarter),
        Some(LimitPeriod::HalfYear) => Some(BillingPeriod::HalfYear),
        Some(LimitPeriod::Year) => Some(BillingPeriod::Year),
        _ => None,
    };
    match component.charge {
        ChargeType::Limit => own.unwrap_or(plan.period),
        _ => plan.period,
    }
}

/// One line for each price version, rounded once.
fn lines(
    resource: usize,
    component: &ComponentFacts,
    currency: Currency,
    parts: Vec<Part>,
    of: usize,
) -> Vec<Owed> {
    let of = Decimal::from(of);
    let mut sums: BTreeMap<usize, (Decimal, String)> = BTreeMap::new();
    for part in parts {
        let (sum, why) = sums.entry(part.version).or_default();
        *sum += part.price * Decimal::from(part.slots);
        why.push_str(&format!(" {} × {}/{of}", part.price, part.slots));
    }
    sums.into_values()
        .map(|(sum, why)| Owed {
            resource,
            component: component.code.clone(),
            currency,
            amount: rounded(sum / of, currency),
            why,
        })
        .collect()
}
