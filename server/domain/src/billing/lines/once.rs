//! What is charged once: setup, one-time components, fees for switching, limits over the whole life, prepaid terms.

use chrono::NaiveDate;
use entity::component;
use model::pricing::PaidUnits;
use model::{
    ChargeType, Charged, ComponentTerms, Currency, DateRange, Fixed, Line, Month, Price, PriceScheme,
};

use super::{Due, Fault, ResourceMonth};
use crate::billing::inputs::Span;

impl ResourceMonth<'_> {
    /// The charges that fall on a day of the month.
    pub(super) fn once(&self) -> Result<Vec<Due>, Fault> {
        let mut dues: Vec<Due> = self.setup()?.into_iter().collect();
        for component in &self.tariff.components {
            let of_component = self.once_of(component);
            dues.extend(of_component.map_err(|fault| fault.of(component, None))?);
        }
        Ok(dues)
    }

    fn once_of(&self, component: &component::Model) -> Result<Vec<Due>, Fault> {
        let fees: Vec<Option<&Span>> = match component.charge {
            ChargeType::OneTime => vec![self.resource.spans.first()],
            ChargeType::OnPlanSwitch => self.switches().map(Some).collect(),
            ChargeType::Limit if component.prepaid => return self.prepaid(component),
            ChargeType::Limit => return self.total(component),
            ChargeType::Fixed | ChargeType::Usage => Vec::new(),
        };
        let mut dues = Vec::new();
        for span in fees {
            dues.extend(self.fee(component, span)?);
        }
        Ok(dues)
    }

    /// Spans that began with another plan than the one before.
    fn switches(&self) -> impl Iterator<Item = &Span> {
        let pairs = self.resource.spans.iter().zip(self.resource.spans.iter().skip(1));
        pairs
            .filter(|(before, after)| before.plan != after.plan)
            .map(|(_, after)| after)
    }

    fn setup(&self) -> Result<Option<Due>, Fault> {
        let Some(first) = self
            .resource
            .spans
            .first()
            .filter(|span| self.in_month(span.from))
        else {
            return Ok(None);
        };
        let Some((currency, plan)) = self
            .terms_at_start(first)
            .filter(|(_, plan)| plan.setup_fee.is_positive())
        else {
            return Ok(None);
        };
        let on = self.zone.day(first.from);
        let terms = ComponentTerms::simple("setup", "Setup fee", "setup", ChargeType::OneTime);
        let price = Price {
            version: "setup".into(),
            scheme: PriceScheme::PerUnit {
                price: plan.setup_fee,
            },
        };
        let line = Charged {
            terms: &terms,
            currency,
        }
        .once(&price, Fixed::ONE, on)?;
        Ok(Some(self.due(currency, line, on)))
    }

    /// One unit of a fee on the day on which `span` began.
    fn fee(&self, component: &component::Model, span: Option<&Span>) -> Result<Option<Due>, Fault> {
        let Some(span) = span.filter(|span| self.in_month(span.from)) else {
            return Ok(None);
        };
        let on = self.zone.day(span.from);
        let Some((currency, price)) = self.price_at_start(span, component) else {
            return Ok(None);
        };
        let line = Charged {
            terms: &component.terms(),
            currency,
        }
        .once(&price.price, Fixed::ONE, on)?;
        Ok(Some(self.due(currency, line, on)))
    }

    /// A limit over the whole life, in the plans in which it is one: at first all of it, then the difference on each change.
    /// What was had before it had a price stays free, and what was charged by the period before the terms of the plan
    /// changed is not charged once more.
    fn total(&self, component: &component::Model) -> Result<Vec<Due>, Fault> {
        let terms = component.terms();
        let mut dues = Vec::new();
        let mut paid = PaidUnits::default();
        let mut by_period: Option<&Span> = None;
        for span in &self.resource.spans {
            let on = self.zone.day(span.from);
            let Some((currency, price)) = self.price_at_start(span, component) else {
                let free = self.terms_at_start(span);
                if let Some((currency, _)) = free.filter(|(_, plan)| terms.is_total_in(plan.billing_period)) {
                    let tax = self.taxes.of(Month::containing(on));
                    paid.hold_free(limit_of(span, component), currency, &tax)?;
                }
                continue;
            };
            if !terms.is_total_in(price.every) {
                by_period = Some(span);
                continue;
            }
            let charged = Charged {
                terms: &terms,
                currency,
            };
            let tax = self.taxes.of(Month::containing(on));
            if let Some(before) = by_period.take().filter(|before| before.plan == span.plan) {
                paid.hold_free(limit_of(before, component), currency, &tax)?;
            }
            let wanted = (limit_of(span, component), &tax);
            let lines = charged.total_limit(&price.price, &mut paid, wanted, on)?;
            if self.in_month(span.from) {
                dues.extend(lines.into_iter().map(|(tax, line)| Due {
                    tax,
                    ..self.due(currency, line, on)
                }));
            }
        }
        Ok(dues)
    }

    pub(super) fn due(&self, currency: Currency, line: Line, on: NaiveDate) -> Due {
        Due {
            currency,
            line,
            days: DateRange {
                start: on,
                end: on.succ_opt().unwrap_or(on),
            },
            tax: self.taxes.of(self.month),
            late: None,
            correction: false,
        }
    }
}

pub(super) fn limit_of(span: &Span, component: &component::Model) -> Fixed {
    span.limits.get(&component.code).copied().unwrap_or_default()
}
