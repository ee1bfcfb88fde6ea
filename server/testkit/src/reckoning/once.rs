//! What is charged once: setup, one-time components, fees for switching, total limits, and all that is in plans that are
//! billed once.

use std::collections::BTreeMap;

use model::{BillingPeriod, ChargeType, Currency, LimitPeriod, Month};
use rust_decimal::Decimal;

use super::prices::cost;
use super::{At, ComponentFacts, Facts, Owed, Span, rounded};

impl Facts {
    pub(super) fn once(&self, resource: usize, month: Month) -> Vec<Owed> {
        let mut owed = Vec::new();
        let spans = self.promised(resource);
        let Some(first) = spans.first() else { return owed };
        if self.within(month, first.from) {
            owed.push(self.setup(resource, first));
        }
        for component in &self.components {
            match component.charge {
                ChargeType::OneTime if self.within(month, first.from) => {
                    owed.extend(self.fee(resource, component, first));
                }
                ChargeType::OnPlanSwitch => {
                    for pair in spans.windows(2) {
                        if pair[0].plan != pair[1].plan && self.within(month, pair[1].from) {
                            owed.extend(self.fee(resource, component, &pair[1]));
                        }
                    }
                }
                ChargeType::Fixed => owed.extend(self.entered(resource, component, &spans, month)),
                ChargeType::Limit if !component.prepaid => {
                    owed.extend(self.total(resource, component, &spans, month));
                }
                _ => {}
            }
        }
        owed
    }

    pub(super) fn within(&self, month: Month, at: At) -> bool {
        Month::containing(self.calendar.day(at)) == month
    }

    fn setup(&self, resource: usize, first: &Span) -> Owed {
        let (currency, terms) = (
            self.plans[first.plan].currency,
            self.terms_at(first.plan, first.promise, first.from),
        );
        Owed {
            resource,
            component: "setup".into(),
            currency,
            amount: rounded(terms.setup, currency),
            why: "setup".into(),
        }
    }

    /// What a plan that is billed once includes, whenever that plan is entered.
    fn entered(
        &self,
        resource: usize,
        component: &ComponentFacts,
        spans: &[Span],
        month: Month,
    ) -> Vec<Owed> {
        let mut owed = Vec::new();
        for (index, span) in spans.iter().enumerate() {
            let stays = index
                .checked_sub(1)
                .is_some_and(|before| spans[before].plan == span.plan);
            let price = self.price_at(span.plan, &component.code, span.promise, span.from);
            let once =
                price.is_some_and(|price| self.plans[span.plan].prices[price].every == BillingPeriod::Once);
            if once && !stays && self.within(month, span.from) {
                owed.extend(self.fee(resource, component, span));
            }
        }
        owed
    }

    /// One unit, at the price of the quote or what reached it by then.
    fn fee(&self, resource: usize, component: &ComponentFacts, span: &Span) -> Option<Owed> {
        let price = self.price_at(span.plan, &component.code, span.promise, span.from)?;
        let plan = &self.plans[span.plan];
        Some(Owed {
            resource,
            component: component.code.clone(),
            currency: plan.currency,
            amount: rounded(cost(&plan.prices[price].scheme, Decimal::ONE), plan.currency),
            why: format!("once, by the order of {}", span.promise.ordered),
        })
    }

    /// All of it at first, then the differences. Units are billed once, in whatever currency they were billed; what is
    /// given back is at most what was billed, in the currency in which it was. A limit of the plan's own period is one in
    /// plans that are billed once, and there alone.
    fn total(&self, resource: usize, component: &ComponentFacts, spans: &[Span], month: Month) -> Vec<Owed> {
        let mut owed = Vec::new();
        let mut billed: BTreeMap<Currency, (Decimal, Decimal)> = BTreeMap::new();
        let mut recurred: Option<(usize, Decimal)> = None;
        let is_total = |every| match component.period {
            Some(period) => period == LimitPeriod::Total,
            None => every == BillingPeriod::Once,
        };
        for span in spans {
            let limit = span.limits.get(&component.code).copied().unwrap_or_default();
            let plan = &self.plans[span.plan];
            let currency = plan.currency;
            let price = self.price_at(span.plan, &component.code, span.promise, span.from);
            let recurs = price.is_some_and(|price| !is_total(plan.prices[price].every));
            if recurs {
                recurred = Some((span.plan, limit));
                continue;
            }
            // Of the same plan, what was charged by the period until its terms changed is had.
            if price.is_some()
                && let Some((_, had)) = recurred.take().filter(|(of, _)| *of == span.plan)
            {
                let units: Decimal = billed.values().map(|(units, _)| *units).sum();
                let (own, paid) = billed.get(&currency).copied().unwrap_or_default();
                billed.insert(currency, (own + had.max(units - own) - units, paid));
            }
            let units: Decimal = billed.values().map(|(units, _)| *units).sum();
            let (own, paid) = billed.get(&currency).copied().unwrap_or_default();
            let after = limit.max(units - own);
            let Some(price) = price else {
                // What is had before it has a price stays free.
                if is_total(self.terms_at(span.plan, span.promise, span.from).every) {
                    billed.insert(currency, (own + after - units, paid));
                }
                continue;
            };
            let scheme = &plan.prices[price].scheme;
            if after == units {
                continue;
            }
            let difference = cost(scheme, after) - cost(scheme, units);
            let amount = rounded(difference.max(-paid), currency);
            billed.insert(currency, (own + after - units, paid + amount));
            if self.within(month, span.from) {
                owed.push(Owed {
                    resource,
                    component: component.code.clone(),
                    currency,
                    amount,
                    why: format!("total limit {units} → {limit}"),
                });
            }
        }
        owed
    }
}
