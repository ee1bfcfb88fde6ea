//! Which terms and which price a resource has at an instant: the newest of what was in force when its order was placed,
//! and of what came later, has begun, and has been known as long as the plan says. A lower price counts as soon as it has
//! begun. What was published while the order waited holds off until the quote no longer holds. Nothing goes back to an
//! older version.

use chrono::TimeDelta;
use model::PriceScheme;
use rust_decimal::Decimal;

use super::prices::{cost, number};
use super::{At, Facts, PlanFacts, PriceFacts, Promise, TermsFacts};

/// A version with its place among those of its kind.
type Placed<'a, V> = (usize, &'a V);

impl Facts {
    /// The terms of a plan that a promise gives at `at`.
    pub(super) fn terms_at(&self, plan: usize, promise: Promise, at: At) -> &TermsFacts {
        let mut own: Vec<Placed<'_, TermsFacts>> = self.plans[plan].terms.iter().enumerate().collect();
        own.retain(|(_, terms)| !terms.withdrawn);
        own.sort_by_key(|(place, terms)| (terms.from, *place));
        let bound = own.iter().rposition(|(_, terms)| terms.from <= promise.ordered);
        let bound = bound.unwrap_or(0);
        let later = own.iter().enumerate().skip(bound + 1);
        let mut held = own[bound].1;
        for (_, (_, terms)) in later {
            if terms.from <= at
                && self
                    .terms_reach(plan, promise, terms)
                    .is_some_and(|from| from <= at)
            {
                held = terms;
            }
        }
        held
    }

    /// From when on other terms count by the notice that was given before them, if they ever do.
    fn terms_reach(&self, plan: usize, promise: Promise, terms: &TermsFacts) -> Option<At> {
        let before = terms.saved - TimeDelta::microseconds(1);
        let days = self.terms_at(plan, promise, before).notice_days?;
        Some(noticed(promise, (terms.from, terms.saved), days))
    }

    /// From when on a price counts by the notice that held when it was saved, if it ever does.
    fn price_reach(&self, plan: usize, promise: Promise, price: &PriceFacts) -> Option<At> {
        let days = self.terms_at(plan, promise, price.saved).notice_days?;
        Some(noticed(promise, (price.from, price.saved), days))
    }

    /// The place of the price of a component that a promise gives at `at`; none before its first.
    pub(super) fn price_at(&self, plan: usize, component: &str, promise: Promise, at: At) -> Option<usize> {
        let own = self.plans[plan].of(component);
        let bound = own.iter().rposition(|(_, price)| price.from <= promise.ordered);
        let reach: Vec<Option<At>> = own
            .iter()
            .map(|(_, price)| self.price_reach(plan, promise, price))
            .collect();
        let after = bound.map_or(0, |bound| bound + 1);
        let mut instants: Vec<At> = own.iter().skip(after).map(|(_, price)| price.from).collect();
        instants.extend(reach.iter().skip(after).flatten());
        instants.retain(|instant| *instant <= at);
        instants.sort_unstable();
        let mut held = bound;
        for instant in instants {
            let noticed = (after..own.len())
                .rev()
                .find(|one| reach[*one].is_some_and(|from| from <= instant));
            held = held.max(noticed);
            for one in after..own.len() {
                let newer = held.filter(|held| one > *held);
                if own[one].1.from <= instant && newer.is_some_and(|held| is_lower(own[one].1, own[held].1)) {
                    held = Some(one);
                }
            }
        }
        held.map(|held| own[held].0)
    }

    /// Every instant at which another version of a component's price or of the terms could begin to count.
    pub(super) fn turns(&self, plan: usize, component: &str, promise: Promise) -> Vec<At> {
        let facts = &self.plans[plan];
        let mut turns = vec![promise.until];
        for (_, price) in facts.of(component) {
            turns.push(price.from);
            turns.extend(self.price_reach(plan, promise, price));
        }
        for terms in facts.terms.iter().filter(|terms| !terms.withdrawn) {
            turns.push(terms.from);
            turns.extend(self.terms_reach(plan, promise, terms));
        }
        turns
    }
}

/// The first instant, or when it has been known so long; not before the quote ends where it came while the order waited.
fn noticed(promise: Promise, (from, saved): (At, At), days: i64) -> At {
    let known = from.max(saved + TimeDelta::days(days));
    let waited = saved > promise.ordered && saved <= promise.begun;
    if waited { known.max(promise.until) } else { known }
}

impl PlanFacts {
    /// The prices of a component in the order of their first instants, with their places among all.
    fn of(&self, component: &str) -> Vec<Placed<'_, PriceFacts>> {
        let all = self.prices.iter().enumerate();
        let mut own: Vec<_> = all
            .filter(|(_, price)| price.component == component && !price.withdrawn)
            .collect();
        own.sort_by_key(|(place, price)| (price.from, *place));
        own
    }
}

/// Whether no unit costs more and some cost less, tried on many quantities. Only where amounts grow in the same way.
fn is_lower(new: &PriceFacts, old: &PriceFacts) -> bool {
    let alike = match (&new.scheme, &old.scheme) {
        (PriceScheme::Package { size, .. }, PriceScheme::Package { size: other, .. }) => size == other,
        (PriceScheme::Stairstep { .. }, other) | (other, PriceScheme::Stairstep { .. }) => {
            matches!(other, PriceScheme::Stairstep { .. })
                && matches!(new.scheme, PriceScheme::Stairstep { .. })
        }
        (PriceScheme::Package { .. }, _)
        | (_, PriceScheme::Package { .. })
        | (PriceScheme::Tiered { .. }, PriceScheme::Volume { .. })
        | (PriceScheme::Volume { .. }, PriceScheme::Tiered { .. }) => false,
        _ => true,
    };
    if !alike || new.every != old.every {
        return false;
    }
    let quantities = (1..=60_u32).map(|quarters| Decimal::from(quarters) / Decimal::from(4));
    let mut less = false;
    for quantity in quantities.chain([Decimal::from(1_000_000)]) {
        let (new, old) = (of_unit(&new.scheme, quantity), of_unit(&old.scheme, quantity));
        if new > old {
            return false;
        }
        less |= new < old;
    }
    less
}

/// What the unit at `quantity` costs under tiers; under the others all of them.
fn of_unit(scheme: &PriceScheme, quantity: Decimal) -> Decimal {
    match scheme {
        PriceScheme::Tiered { tiers } => {
            let mut rows = tiers
                .iter()
                .filter(|row| row.up_to.is_none_or(|end| quantity <= number(end)));
            number(rows.next().expect("the last row is open").price)
        }
        PriceScheme::PerUnit { price } => number(*price),
        PriceScheme::Volume { .. } => cost(scheme, quantity) / quantity,
        other => cost(other, quantity),
    }
}
