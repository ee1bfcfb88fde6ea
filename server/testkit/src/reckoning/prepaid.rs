//! What is paid up front: price × limit × months on the first day of a term; more within it for the months that remain, a
//! started one counts; nothing back. What is used beyond, counted over the limit's period from the start of the term, is
//! use of the component that the limit names.

use chrono::{Datelike, Months, NaiveDate};
use model::{LimitPeriod, Month};
use rust_decimal::Decimal;

use super::calendar::next;
use super::prices::cost;
use super::{ComponentFacts, Facts, Owed, Span, TermFacts, rounded};

impl Facts {
    pub(super) fn prepaid(&self, resource: usize, month: Month) -> Vec<Owed> {
        let mut owed = Vec::new();
        for component in self.components.iter().filter(|component| component.prepaid) {
            for term in &self.resources[resource].terms {
                owed.extend(self.term(resource, component, term, month));
            }
        }
        owed
    }

    fn term(&self, resource: usize, component: &ComponentFacts, term: &TermFacts, month: Month) -> Vec<Owed> {
        let (start, end) = (self.calendar.start(term.first), self.calendar.start(term.end));
        let mut owed = Vec::new();
        let mut paid = Decimal::ZERO;
        let lived = |span: &Span| span.from < end && span.until.is_none_or(|until| until > start);
        let spans = self.promised(resource).into_iter().filter(lived);
        for (index, span) in spans.enumerate() {
            let at = span.from.max(start);
            let quoted = span.plan == term.plan
                && term
                    .limits
                    .get(&component.code)
                    .is_some_and(|limit| !limit.is_zero());
            // A whole term costs what its order quoted; in another plan, what the switch to that one did.
            let (promise, seen) = match index {
                0 if quoted => (term.promise, term.promise.ordered),
                0 => (span.promise, span.promise.ordered),
                _ => (span.promise, at),
            };
            let price = self.price_at(span.plan, &component.code, promise, seen);
            let limit = span.limits.get(&component.code).copied().unwrap_or_default();
            let Some(price) = price.filter(|_| limit > paid) else {
                continue;
            };
            let plan = &self.plans[span.plan];
            let (currency, scheme) = (plan.currency, &plan.prices[price].scheme);
            let day = self.calendar.day(at);
            let months = if index == 0 {
                months(term.first, term.end)
            } else {
                left(term, day)
            };
            let amount =
                (cost(scheme, limit) - cost(scheme, paid)).max(Decimal::ZERO) * Decimal::from(months);
            if self.within(month, at) {
                owed.push(Owed {
                    resource,
                    component: component.code.clone(),
                    currency,
                    amount: rounded(amount, currency),
                    why: format!(
                        "paid up front: {paid} → {limit} for {months} months until {}",
                        term.end
                    ),
                });
            }
            paid = limit;
        }
        owed
    }

    /// What was used beyond the limits that name this component, by day.
    pub(super) fn overage(&self, resource: usize, component: &str) -> Vec<(NaiveDate, Decimal)> {
        let mut over = Vec::new();
        let named = |one: &&ComponentFacts| one.prepaid && one.overage.as_deref() == Some(component);
        for limited in self.components.iter().filter(named) {
            for term in &self.resources[resource].terms {
                over.extend(self.beyond(resource, limited, term));
            }
        }
        over
    }

    fn beyond(
        &self,
        resource: usize,
        limited: &ComponentFacts,
        term: &TermFacts,
    ) -> Vec<(NaiveDate, Decimal)> {
        let every = match limited.period {
            Some(LimitPeriod::Month) => 1,
            Some(LimitPeriod::Quarter) => 3,
            Some(LimitPeriod::HalfYear) => 6,
            Some(LimitPeriod::Year) => 12,
            _ => 1_000,
        };
        let (mut sum, mut beyond, mut days) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
        let (mut day, mut windows) = (term.first, 1);
        while day < term.end {
            if turn((term.first, term.end), every * windows).is_some_and(|turn| day >= turn) {
                windows += 1;
                (sum, beyond) = (Decimal::ZERO, Decimal::ZERO);
            }
            let used = self.used_on(resource, &limited.code, day);
            sum += used;
            let limit = self.limit_on(resource, &limited.code, day);
            if let Some(over) = limit
                .map(|limit| sum - limit)
                .filter(|over| !used.is_zero() && *over > beyond)
            {
                days.push((day, over - beyond));
                beyond = over;
            }
            day = next(day);
        }
        days
    }

    fn used_on(&self, resource: usize, component: &str, day: NaiveDate) -> Decimal {
        let events = self.resources[resource]
            .usage
            .iter()
            .filter(|event| event.component == component);
        let days = events.flat_map(|event| &event.days);
        days.filter(|(on, _)| *on == day)
            .map(|(_, quantity)| *quantity)
            .sum()
    }

    fn limit_on(&self, resource: usize, component: &str, day: NaiveDate) -> Option<Decimal> {
        let span = self.span_on(resource, day)?;
        Some(span.limits.get(component).copied().unwrap_or_default())
    }
}

/// Months of a term, each from its day of the month to the same of the next, that end after `day`; at least one.
fn left(term: &TermFacts, day: NaiveDate) -> u32 {
    let ends = |month: u32| turn((term.first, term.end), month);
    let left = (1..=months(term.first, term.end)).filter(|month| ends(*month).is_some_and(|end| end > day));
    u32::try_from(left.count()).unwrap_or(0).max(1)
}

/// When so many months of a term are over. A term from the last day of a month to a later day of another follows one from
/// that later day, or from the 31st, and goes by it.
fn turn((first, end): (NaiveDate, NaiveDate), months: u32) -> Option<NaiveDate> {
    let plain = first.checked_add_months(Months::new(months))?;
    let aim = match end.day() {
        day if next(first).day() != 1 || day <= first.day() => plain.day(),
        _ if next(end).day() == 1 => 31,
        day => day,
    };
    (plain.day()..=aim).rev().find_map(|day| plain.with_day(day))
}

/// Months from a day to the day after the last; a started one counts, and there is at least one.
fn months(first: NaiveDate, end: NaiveDate) -> u32 {
    let mut months = 1;
    while turn((first, end), months).is_some_and(|reached| reached < end) {
        months += 1;
    }
    debug_assert!(first.year() <= end.year());
    months
}
