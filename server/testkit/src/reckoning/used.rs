//! What was used: each day at the plan and price in force at its last instant; each month on its own document, and what
//! changed after that was issued on the next one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use model::{ChargeType, Month};
use rust_decimal::Decimal;

use super::prices::cost;
use super::{Facts, Owed, Span, UseKey, rounded};

type Quantities = BTreeMap<UseKey, Decimal>;

impl Facts {
    /// The lines of `month`, and what is billed of each month of use afterwards.
    pub(super) fn used(&self, month: Month) -> (Vec<Owed>, Quantities) {
        let due = self.quantities(month);
        let keys: BTreeSet<UseKey> = due.keys().chain(self.billed.keys()).cloned().collect();
        let (mut owed, mut billed) = (Vec::new(), Quantities::new());
        for key in keys {
            let of = key.4;
            // A month that is still open keeps its use for its own document.
            if of != month && (of > month || !self.is_closed(of)) {
                continue;
            }
            let now = due.get(&key).copied().unwrap_or_default();
            let before = self.billed.get(&key).copied().unwrap_or_default();
            if now == before {
                continue;
            }
            let plan = &self.plans[key.2];
            let scheme = &plan.prices[key.3].scheme;
            owed.push(Owed {
                resource: key.0,
                component: key.1.clone(),
                currency: plan.currency,
                amount: rounded(cost(scheme, now) - cost(scheme, before), plan.currency),
                why: format!("use of {of}: {before} → {now}"),
            });
            billed.insert(key, now);
        }
        (owed, billed)
    }

    fn quantities(&self, until: Month) -> Quantities {
        let mut sums = Quantities::new();
        let metered = self
            .components
            .iter()
            .filter(|one| one.charge == ChargeType::Usage);
        for component in metered {
            for (resource, facts) in self.resources.iter().enumerate() {
                let events = facts
                    .usage
                    .iter()
                    .filter(|event| event.component == component.code);
                let own = events.flat_map(|event| event.days.iter().copied());
                for (day, quantity) in own.chain(self.overage(resource, &component.code)) {
                    let month = Month::containing(day);
                    if month > until {
                        continue;
                    }
                    let Some((plan, version)) = self.in_force(resource, &component.code, day) else {
                        continue;
                    };
                    let key = (resource, component.code.clone(), plan, version, month);
                    *sums.entry(key).or_default() += quantity;
                }
            }
        }
        sums
    }

    /// What was in force at the last instant of the day at which the resource lived.
    pub(super) fn span_on(&self, resource: usize, day: NaiveDate) -> Option<Span> {
        let (start, end) = (self.calendar.start(day), self.calendar.end(day));
        let lived = |span: &Span| span.from < end && span.until.is_none_or(|until| until > start);
        self.promised(resource).into_iter().rfind(lived)
    }

    /// Plan and price at that instant.
    fn in_force(&self, resource: usize, component: &str, day: NaiveDate) -> Option<(usize, usize)> {
        let span = self.span_on(resource, day)?;
        let end = self.calendar.end(day);
        let last = span.until.map_or(end, |until| until.min(end)) - TimeDelta::microseconds(1);
        let version = self.price_at(span.plan, component, span.promise, last)?;
        Some((span.plan, version))
    }
}
