//! The three groups of lines in a quote.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::{Occasion, PricedComponent, QuoteError, QuotePart, QuoteRequest, full_month_after};
use crate::fixed::Fixed;
use crate::money::Money;
use crate::period::{BillingPeriod, DateRange, LimitPeriod, Month};
use crate::pricing::line::whole_segment;
use crate::pricing::{
    ChargeType, Charged, ComponentTerms, Formula, Held, Line, PrepaidIncrease, Price, PriceScheme,
    PricingError, Recurring, Segment, Share, ShareUnit, Stretch, TotalChange, document_totals,
};

pub(super) struct Draft<'a> {
    pub(super) request: &'a QuoteRequest,
    pub(super) limits: &'a BTreeMap<String, Fixed>,
    pub(super) billed_from: NaiveDate,
}

impl Draft<'_> {
    /// Fees, limits over the whole life, prepaid terms, and everything of a plan that is charged once.
    pub(super) fn one_time(&self) -> Result<Vec<Line>, QuoteError> {
        let mut lines = Vec::new();
        if self.request.occasion == Occasion::Create && self.request.setup_fee.is_positive() {
            lines.push(self.setup_fee()?);
        }
        for component in &self.request.components {
            lines.extend(self.one_time_line(component)?);
        }
        Ok(lines)
    }

    /// What the first period costs from the first charged day on.
    pub(super) fn first_periods(&self) -> Result<Vec<Line>, QuoteError> {
        let mut lines = Vec::new();
        for (component, every) in self.recurring() {
            lines.extend(self.first_period(component, every)?);
        }
        Ok(lines)
    }

    /// What a full month costs; of longer periods, the part of one month.
    pub(super) fn full_month(&self) -> Result<Vec<Line>, QuoteError> {
        let month = full_month_after(self.billed_from);
        let mut lines = Vec::new();
        for (component, every) in self.recurring() {
            match every.months() {
                Some(months) if months > 1 => lines.extend(self.monthly_part(component, months, month)?),
                _ => lines.extend(self.period(component, every, month, month)?),
            }
        }
        Ok(lines)
    }

    /// Lines with their sums.
    pub(super) fn part(&self, lines: Vec<Line>) -> Result<QuotePart, QuoteError> {
        let amounts: Vec<_> = lines
            .iter()
            .map(|line| (line.amount, &self.request.tax))
            .collect();
        let totals = document_totals(self.request.currency, &amounts)?;
        Ok(QuotePart { lines, totals })
    }

    fn setup_fee(&self) -> Result<Line, QuoteError> {
        let terms = ComponentTerms::simple("setup", "Setup fee", "setup", ChargeType::OneTime);
        let price = Price {
            version: "setup".into(),
            scheme: PriceScheme::per_unit(self.request.setup_fee),
        };
        let charged = Charged {
            terms: &terms,
            currency: self.request.currency,
        };
        Ok(charged.once(&price, Fixed::ONE, self.request.start)?)
    }

    fn one_time_line(&self, component: &PricedComponent) -> Result<Option<Line>, QuoteError> {
        let charged = self.charged(component);
        let start = self.request.start;
        match (component.terms.charge, self.request.occasion) {
            (ChargeType::OneTime, Occasion::Create) | (ChargeType::OnPlanSwitch, Occasion::SwitchPlan)
                if component.amount.is_positive() =>
            {
                Ok(Some(charged.once(&component.price, component.amount, start)?))
            }
            (ChargeType::Limit, _) if component.terms.prepaid => self.prepaid(component),
            (ChargeType::Limit, _) if component.terms.limit_period == LimitPeriod::Total => {
                self.total(component)
            }
            (ChargeType::Fixed, Occasion::Create | Occasion::SwitchPlan)
                if self.every(component) == BillingPeriod::Once =>
            {
                let window = DateRange {
                    start: self.billed_from,
                    end: start.max(self.billed_from).succ_opt().unwrap_or(start),
                };
                Ok(self
                    .period(component, BillingPeriod::Once, window, window)?
                    .into_iter()
                    .next())
            }
            _ => Ok(None),
        }
    }

    fn prepaid(&self, component: &PricedComponent) -> Result<Option<Line>, QuoteError> {
        let limit = self.quantity(component);
        let end = self.request.end.ok_or(QuoteError::MissingEndDate)?;
        let charged = self.charged(component);
        if self.request.occasion != Occasion::ChangeLimits {
            let term = DateRange::new(self.billed_from, end).ok_or(QuoteError::EndBeforeStart)?;
            let paid = (!limit.is_zero()).then(|| charged.prepaid(&component.price, limit, term));
            return Ok(paid.transpose()?);
        }
        let change = PrepaidIncrease {
            old: self.previous(component),
            limit,
            on: self.request.start,
            end,
        };
        Ok(charged.prepaid_increase(&component.price, &change)?)
    }

    fn total(&self, component: &PricedComponent) -> Result<Option<Line>, QuoteError> {
        let previous = self.previous(component);
        let billed = component
            .price
            .scheme
            .charge(previous)?
            .amount
            .to_money(self.request.currency)?;
        let change = TotalChange {
            billed_quantity: previous,
            billed_amount: if previous.is_zero() {
                Money::zero(self.request.currency)
            } else {
                billed
            },
            limit: self.quantity(component),
            on: self.request.start,
        };
        Ok(self.charged(component).total_limit(&component.price, &change)?)
    }

    /// Components charged again and again, with the period that their price is for.
    fn recurring(&self) -> impl Iterator<Item = (&PricedComponent, BillingPeriod)> {
        self.request.components.iter().filter_map(|component| {
            let every = self.every(component);
            let recurs = matches!(component.terms.charge, ChargeType::Fixed | ChargeType::Limit);
            (recurs && !component.terms.prepaid && every != BillingPeriod::Once).then_some((component, every))
        })
    }

    fn first_period(
        &self,
        component: &PricedComponent,
        every: BillingPeriod,
    ) -> Result<Vec<Line>, QuoteError> {
        let month = Month::containing(self.billed_from).range();
        let period = match every.months() {
            Some(_) => every
                .containing(self.billed_from)
                .ok_or(PricingError::InvalidPeriod)?,
            None => month,
        };
        let end = self.request.end.unwrap_or(period.end);
        let Some(held) = DateRange::new(self.billed_from, end) else {
            return Ok(Vec::new());
        };
        self.period(component, every, period, held)
    }

    fn period(
        &self,
        component: &PricedComponent,
        every: BillingPeriod,
        period: DateRange,
        held: DateRange,
    ) -> Result<Vec<Line>, QuoteError> {
        let state = Some(Held {
            price: &component.price,
            quantity: self.quantity(component),
        });
        let from = held.start.and_time(NaiveTime::MIN);
        let stretches = [Stretch {
            from,
            until: Some(held.end.and_time(NaiveTime::MIN)),
            state,
        }];
        let proration = self.request.proration;
        let input = Recurring {
            window: period.window(),
            every,
            proration,
            stretches: &stretches,
        };
        Ok(self.charged(component).recurring(&input)?)
    }

    fn monthly_part(
        &self,
        component: &PricedComponent,
        months: u32,
        month: DateRange,
    ) -> Result<Option<Line>, QuoteError> {
        let quantity = self.quantity(component);
        if quantity.is_zero() {
            return Ok(None);
        }
        let share = Share {
            n: 1,
            of: months,
            unit: ShareUnit::Month,
        };
        let segment = Segment {
            share,
            window: Some(month.window()),
            ..whole_segment(&component.price.scheme, quantity)?
        };
        let line = self
            .charged(component)
            .line(Formula::Recurring, &component.price, vec![segment], None)?;
        Ok(Some(line))
    }

    fn every(&self, component: &PricedComponent) -> BillingPeriod {
        match component.terms.charge {
            ChargeType::Limit => component.terms.limit_period.billing(),
            _ => self.request.every,
        }
    }

    fn quantity(&self, component: &PricedComponent) -> Fixed {
        match component.terms.charge {
            ChargeType::Limit => self
                .limits
                .get(&component.terms.code)
                .copied()
                .unwrap_or(Fixed::ZERO),
            _ => component.amount,
        }
    }

    fn previous(&self, component: &PricedComponent) -> Fixed {
        self.request
            .previous_limits
            .get(&component.terms.code)
            .copied()
            .unwrap_or(Fixed::ZERO)
    }

    fn charged<'b>(&self, component: &'b PricedComponent) -> Charged<'b> {
        Charged {
            terms: &component.terms,
            currency: self.request.currency,
        }
    }
}
