//! Fixed amounts and limits, period by period: each day is billed once, at the state in force at the last instant of it
//! at which the resource lived; with hours likewise. Of whole periods: at the price with which the period began under the
//! plan, and the largest amount that was had in it.

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

/// From an instant up to another.
type Slot = (At, At);

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
                for period in self.periods(resource, every, plan, month) {
                    let spans = &self.resources[resource].spans;
                    let longer = period != (month.first_day(), month.next().first_day());
                    let sums = if self.plans[plan].in_advance && longer {
                        // What is known at the end of the month, less what was known at its start.
                        let known = |day: NaiveDate| known_at(spans, self.calendar.start(day));
                        let now =
                            self.in_period(&known(month.next().first_day()), component, plan, every, period);
                        let before = if period.0 < month.first_day() {
                            self.in_period(&known(month.first_day()), component, plan, every, period)
                        } else {
                            Sums::new()
                        };
                        beyond(now, before)
                    } else {
                        self.in_period(spans, component, plan, every, period)
                    };
                    owed.extend(lines(resource, component, self.plans[plan].currency, sums));
                }
            }
        }
        owed
    }

    /// The periods that stand on the document of `month`: in arrears where they end or the life ends, in advance from where
    /// they begin; those of a month and less in their month.
    fn periods(
        &self,
        resource: usize,
        every: BillingPeriod,
        plan: usize,
        month: Month,
    ) -> Vec<(NaiveDate, NaiveDate)> {
        let months = match every {
            BillingPeriod::Hour | BillingPeriod::Day | BillingPeriod::Month => 1,
            BillingPeriod::Once => return Vec::new(),
            BillingPeriod::Quarter => 3,
            BillingPeriod::HalfYear => 6,
            BillingPeriod::Year => 12,
        };
        let mut start = month;
        while !(start.month() - 1).is_multiple_of(months) {
            start = start.prev();
        }
        let mut last = start;
        for _ in 1..months {
            last = last.next();
        }
        let period = (start.first_day(), last.next().first_day());
        if self.plans[plan].in_advance {
            return vec![period];
        }
        let spans = &self.resources[resource].spans;
        let ended = spans.last().and_then(|span| span.until);
        let ended = ended.map(|at| Month::containing(self.calendar.day(before(at))));
        let stands = ended
            .filter(|ended| (start..=last).contains(ended))
            .unwrap_or(last);
        if stands == month { vec![period] } else { Vec::new() }
    }

    fn in_period(
        &self,
        spans: &[Span],
        component: &ComponentFacts,
        plan: usize,
        every: BillingPeriod,
        (first, end): (NaiveDate, NaiveDate),
    ) -> Sums {
        let counted = self.counted(plan, every);
        let (slots, of) = match counted {
            Counted::Days => {
                let days = days_of(first, end);
                let of = if every == BillingPeriod::Day {
                    1
                } else {
                    days.len()
                };
                let slot = |day| (self.calendar.start(day), self.calendar.end(day));
                let slots: Vec<(Slot, Slot)> = days.into_iter().map(|day| (slot(day), slot(day))).collect();
                (slots, of)
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
            Counted::Whole => {
                let period = (self.calendar.start(first), self.calendar.start(end));
                return self.whole(spans, component, plan, period);
            }
        };
        let mut parts: Vec<Part> = Vec::new();
        for slot in slots {
            let Some((span, last)) = self.owner(spans, plan, counted, slot) else {
                continue;
            };
            let Some((version, price)) = self.price(plan, &component.code, span.ordered, last) else {
                continue;
            };
            let price = cost(&price.scheme, quantity(component, span));
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

    /// Whatever follows, a period that has begun under the plan is owed whole.
    fn whole(&self, spans: &[Span], component: &ComponentFacts, plan: usize, (start, end): (At, At)) -> Sums {
        let own = |span: &&Span| {
            span.plan == plan
                && span.from < end
                && span.until.is_none_or(|until| until > start && until > span.from)
        };
        let mut sums = Sums::new();
        let Some(first) = spans.iter().find(own) else {
            return sums;
        };
        let most = spans
            .iter()
            .filter(own)
            .map(|span| quantity(component, span))
            .max()
            .unwrap_or_default();
        if let Some((version, price)) =
            self.price(plan, &component.code, first.ordered, first.from.max(start))
        {
            let amount = cost(&price.scheme, most);
            sums.insert(version, (amount, format!(" {amount} whole")));
        }
        sums
    }

    fn counted(&self, plan: usize, every: BillingPeriod) -> Counted {
        match (every, self.plans[plan].proration) {
            (BillingPeriod::Hour, _) | (_, Proration::Hour) => Counted::Hours,
            (BillingPeriod::Day, _) | (_, Proration::Day) => Counted::Days,
            (_, Proration::None) => Counted::Whole,
        }
    }

    /// Hours of a period, counted from its beginning, each with the day in which it begins.
    fn hours_of(&self, first: NaiveDate, end: NaiveDate) -> Vec<(Slot, Slot)> {
        let (mut at, end) = (self.calendar.start(first), self.calendar.start(end));
        let mut day = first;
        let mut whole = (at, self.calendar.end(day));
        let mut hours = Vec::new();
        while at < end {
            while whole.1 <= at {
                day = next(day);
                whole = (whole.1, self.calendar.end(day));
            }
            hours.push(((at, at + TimeDelta::hours(1)), whole));
            at += TimeDelta::hours(1);
        }
        hours
    }

    /// What was in force under `plan` at the last instant of the slot at which the resource lived, if that was under it.
    fn owner<'s>(
        &self,
        spans: &'s [Span],
        plan: usize,
        counted: Counted,
        (slot, whole): (Slot, Slot),
    ) -> Option<(&'s Span, At)> {
        match counted {
            Counted::Whole => None,
            Counted::Days => {
                let (span, last) = lived(spans.iter(), slot)?;
                (span.plan == plan).then_some((span, last))
            }
            Counted::Hours => {
                // Where days and hours meet, the day belongs to the plan at its last instant, from its midnight.
                let (owner, _) = lived(spans.iter(), whole)?;
                let (span, last) = lived(spans.iter(), slot)?;
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

fn quantity(component: &ComponentFacts, span: &Span) -> Decimal {
    match component.charge {
        ChargeType::Limit => span.limits.get(&component.code).copied().unwrap_or_default(),
        _ => Decimal::ONE,
    }
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
fn known_at(spans: &[Span], at: At) -> Vec<Span> {
    let begun = spans.iter().filter(|span| span.from < at);
    begun
        .map(|span| Span {
            until: span.until.filter(|until| *until <= at),
            ..span.clone()
        })
        .collect()
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

/// One line for each price version, rounded once.
fn lines(resource: usize, component: &ComponentFacts, currency: Currency, sums: Sums) -> Vec<Owed> {
    let line = |(sum, why): (Decimal, String)| Owed {
        resource,
        component: component.code.clone(),
        currency,
        amount: rounded(sum, currency),
        why,
    };
    sums.into_values().map(line).collect()
}
