//! What is charged once: setup, one-time components, fees for switching, total limits.

use model::{ChargeType, LimitPeriod, Month};
use rust_decimal::Decimal;

use super::prices::cost;
use super::{At, ComponentFacts, Facts, Owed, Span, rounded};

impl Facts {
    pub(super) fn once(&self, resource: usize, month: Month) -> Vec<Owed> {
        let mut owed = Vec::new();
        let spans = &self.resources[resource].spans;
        let Some(first) = spans.first() else { return owed };
        if self.within(month, first.from) {
            owed.extend(self.setup(resource, first));
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
                ChargeType::Limit if component.period == Some(LimitPeriod::Total) => {
                    owed.extend(self.total(resource, component, month));
                }
                _ => {}
            }
        }
        owed
    }

    fn within(&self, month: Month, at: At) -> bool {
        Month::containing(self.calendar.day(at)) == month
    }

    /// The fee that was in force when the order was placed.
    fn setup(&self, resource: usize, first: &Span) -> Option<Owed> {
        let plan = &self.plans[first.plan];
        let fee = plan
            .setup
            .iter()
            .rev()
            .find(|(from, _)| *from <= first.ordered)?
            .1;
        Some(Owed {
            resource,
            component: "setup".into(),
            currency: plan.currency,
            amount: rounded(fee, plan.currency),
            why: "setup".into(),
        })
    }

    /// One unit, at the price of the quote.
    fn fee(&self, resource: usize, component: &ComponentFacts, span: &Span) -> Option<Owed> {
        let (_, price) = self.price(span.plan, &component.code, span.ordered, span.ordered)?;
        let currency = self.plans[span.plan].currency;
        Some(Owed {
            resource,
            component: component.code.clone(),
            currency,
            amount: rounded(cost(&price.scheme, Decimal::ONE), currency),
            why: format!("once, by the order of {}", span.ordered),
        })
    }

    /// All of it at first, then the differences. Units are billed once, in whatever currency they were billed; what is
    /// given back is at most what was billed.
    fn total(&self, resource: usize, component: &ComponentFacts, month: Month) -> Vec<Owed> {
        let mut owed = Vec::new();
        let mut units = Decimal::ZERO;
        for span in &self.resources[resource].spans {
            let limit = span.limits.get(&component.code).copied().unwrap_or_default();
            let Some((_, price)) = self.price(span.plan, &component.code, span.ordered, span.ordered) else {
                continue;
            };
            let currency = self.plans[span.plan].currency;
            let amount = rounded(cost(&price.scheme, limit) - cost(&price.scheme, units), currency);
            if limit != units && self.within(month, span.from) {
                owed.push(Owed {
                    resource,
                    component: component.code.clone(),
                    currency,
                    amount,
                    why: format!("total limit {units} → {limit}"),
                });
            }
            units = limit;
        }
        owed
    }
}
