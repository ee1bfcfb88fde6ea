//! The groups of lines in a quote.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::life::{Life, Side, Stay, quantity};
use super::{Occasion, PricedComponent, QuoteError, QuotePart, QuoteRequest, full_month_after};
use crate::fixed::Fixed;
use crate::money::Money;
use crate::period::{BillingPeriod, DateRange, Month};
use crate::pricing::line::whole_segment;
use crate::pricing::schedule::differences;
use crate::pricing::{
    ChargeType, Charged, ComponentTerms, Formula, Line, PaidUnits, PrepaidIncrease, Price, PriceScheme,
    PricingError, Recurring, Segment, Share, ShareUnit, document_totals,
};

/// The first invoice comes after a year at the latest: no period is longer.
const MONTHS: usize = 13;

pub(super) struct Draft<'a> {
    pub(super) request: &'a QuoteRequest,
    pub(super) limits: &'a BTreeMap<String, Fixed>,
}

impl<'a> Draft<'a> {
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

    /// The first invoice on which something is to be paid, with its month: a document on which nothing is, is not issued.
    /// `later` stands on the invoices of its months.
    pub(super) fn first_invoice(
        &self,
        one_time: &[Line],
        later: &[(Month, Line)],
    ) -> Result<(Option<Month>, Vec<Line>), QuoteError> {
        let (before, after) = self.lives();
        let start = Month::containing(self.request.start);
        let last = later.iter().map(|(month, _)| *month).max();
        for (index, month) in std::iter::successors(Some(start), |month| Some(month.next()))
            .enumerate()
            .take_while(|(index, month)| *index < MONTHS || last.is_some_and(|last| *month <= last))
        {
            let stays = before
                .as_ref()
                .map_or(Ok(Vec::new()), |life| life.recurring(month))?;
            let mut lines = differences(&after.recurring(month)?, &stays)?;
            if index == 0 {
                lines.extend(one_time.iter().cloned());
            }
            let of_month = later.iter().filter(|(of, _)| *of == month);
            lines.extend(of_month.map(|(_, line)| line.clone()));
            if lines.iter().any(|line| !line.amount.is_zero()) {
                return Ok((Some(month), lines));
            }
        }
        Ok((None, Vec::new()))
    }

    /// What a full month costs; of longer periods, the part of one month.
    pub(super) fn full_month(&self) -> Result<Vec<Line>, QuoteError> {
        self.month_of(&self.side(), self.limits)
    }

    /// What a change adds to a full month; `None` where nothing is changed, or where the currencies differ.
    pub(super) fn added_month(&self) -> Result<Option<Vec<Line>>, QuoteError> {
        let left = self.left();
        if !self.is_change() || left.currency != self.request.currency {
            return Ok(None);
        }
        let before = self.month_of(&left, &self.request.previous_limits)?;
        Ok(Some(differences(&self.full_month()?, &before)?))
    }

    /// What the use that is expected costs a month.
    pub(super) fn expected(&self, quantities: &BTreeMap<String, Fixed>) -> Result<Vec<Line>, QuoteError> {
        let month = full_month_after(self.request.start).window();
        let mut lines = Vec::new();
        for component in &self.request.components {
            if let Some(quantity) = quantities.get(&component.terms.code) {
                let charged = self.side().charged(component);
                lines.push(charged.usage(&component.price, *quantity, Some(month))?);
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

    pub(super) fn is_change(&self) -> bool {
        matches!(
            self.request.occasion,
            Occasion::ChangeLimits | Occasion::SwitchPlan
        )
    }

    /// Something is billed already: limits over the whole life are not billed again.
    fn has_paid(&self) -> bool {
        self.request.occasion != Occasion::Create
    }

    /// The plan that is quoted.
    pub(super) fn side(&self) -> Side<'a> {
        Side {
            currency: self.request.currency,
            every: self.request.every,
            proration: self.request.proration,
            mode: self.request.mode,
            components: &self.request.components,
        }
    }

    /// The plan before a change.
    pub(super) fn left(&self) -> Side<'a> {
        match &self.request.previous {
            Some(plan) => Side {
                currency: plan.currency,
                every: plan.every,
                proration: plan.proration,
                mode: plan.mode,
                components: &plan.components,
            },
            None => self.side(),
        }
    }

    /// The resource's life without the order, if it is there, and with it. What it was like before the change is taken to
    /// have begun with the year; amounts in another currency are left out, since they are on other documents.
    fn lives(&self) -> (Option<Life<'a>>, Life<'a>) {
        let request = self.request;
        let start = request.start.and_time(request.time);
        let until = request.end.map(|end| end.and_time(NaiveTime::MIN));
        let new = Stay {
            side: 0,
            limits: self.limits,
            from: start,
            until,
        };
        let side = self.side();
        if !self.is_change() {
            let life = Life {
                clock: &request.clock,
                sides: vec![side],
                stays: vec![new],
            };
            return (None, life);
        }
        let year = BillingPeriod::Year.containing(request.start);
        let old = Stay {
            side: usize::from(request.previous.is_some()),
            limits: &request.previous_limits,
            from: year.map_or(start, |year| year.window().start),
            until: Some(start),
        };
        let mut sides = vec![side];
        let mut left = self.left();
        if left.currency != side.currency {
            left.components = &[];
        }
        if request.previous.is_some() {
            sides.push(left);
        }
        let before = Life {
            clock: &request.clock,
            sides: sides.clone(),
            stays: vec![Stay { until, ..old }],
        };
        // A resource that came at the first of January has no days before the change.
        let stays = [old, new]
            .into_iter()
            .filter(|stay| stay.until.is_none_or(|until| stay.from < until));
        let after = Life {
            clock: &request.clock,
            sides,
            stays: stays.collect(),
        };
        (Some(before), after)
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
        let charged = self.side().charged(component);
        let (terms, every) = (&component.terms, self.request.every);
        match (terms.charge, self.request.occasion) {
            (ChargeType::OneTime, Occasion::Create) | (ChargeType::OnPlanSwitch, Occasion::SwitchPlan)
                if component.amount.is_positive() =>
            {
                Ok(Some(charged.once(
                    &component.price,
                    component.amount,
                    self.request.start,
                )?))
            }
            (ChargeType::Limit, _) if terms.prepaid => self.prepaid(component),
            (ChargeType::Limit, _) if terms.is_total_in(every) => self.total(component),
            (ChargeType::Fixed, Occasion::Create | Occasion::SwitchPlan) if every == BillingPeriod::Once => {
                self.charged_once(component)
            }
            _ => Ok(None),
        }
    }

    /// The fixed amount of a plan that is charged once.
    fn charged_once(&self, component: &PricedComponent) -> Result<Option<Line>, QuoteError> {
        let day = BillingPeriod::Day
            .containing(self.request.start)
            .ok_or(PricingError::InvalidPeriod)?;
        let lines = Self::stay_of(&self.side(), component, BillingPeriod::Once, day, self.limits)?;
        Ok(lines.into_iter().next())
    }

    fn prepaid(&self, component: &PricedComponent) -> Result<Option<Line>, QuoteError> {
        let limit = quantity(component, self.limits);
        let start = self.request.start;
        let until = |end| DateRange::new(start, end).ok_or(QuoteError::EndBeforeStart);
        let charged = self.side().charged(component);
        // Other limits or another plan within a term: what is paid is paid, and only more is to be paid.
        if !self.is_change() {
            let term = until(self.request.end.ok_or(QuoteError::MissingTerm)?)?;
            let paid = (!limit.is_zero()).then(|| charged.prepaid(&component.price, limit, term));
            return Ok(paid.transpose()?);
        }
        let term = match (self.request.paid_term, self.request.end) {
            (Some(term), _) => term,
            (None, end) => until(end.ok_or(QuoteError::MissingTerm)?)?,
        };
        let change = PrepaidIncrease {
            old: quantity(component, &self.request.previous_limits),
            limit,
            on: start,
            term,
        };
        Ok(charged.prepaid_increase(&component.price, &change)?)
    }

    /// At the tax of the day: of what the bill will give back, the model does not know at which tax it was billed.
    fn total(&self, component: &PricedComponent) -> Result<Option<Line>, QuoteError> {
        let charged = self.side().charged(component);
        let limit = quantity(component, self.limits);
        let mut paid = self.paid_units(component)?;
        let (tax, start) = (&self.request.tax, self.request.start);
        let lines = charged.total_limit(&component.price, &mut paid, (limit, tax), start)?;
        Ok(lines.into_iter().next().map(|(_, line)| line))
    }

    /// The units that the plan before has billed, at its price.
    fn paid_units(&self, component: &PricedComponent) -> Result<PaidUnits, QuoteError> {
        let left = self.left();
        let code = &component.terms.code;
        let billed = left.components.iter().find(|one| one.terms.code == *code);
        let Some(billed) = billed.filter(|one| self.has_paid() && one.terms.is_total_in(left.every)) else {
            return Ok(PaidUnits::default());
        };
        let units = quantity(billed, &self.request.previous_limits);
        let amount = if units.is_zero() {
            Money::zero(left.currency)
        } else {
            billed
                .price
                .scheme
                .charge(units)?
                .amount
                .to_money(left.currency)?
        };
        Ok(PaidUnits::of(units, amount, self.request.tax.clone()))
    }

    fn month_of(&self, side: &Side<'_>, limits: &BTreeMap<String, Fixed>) -> Result<Vec<Line>, QuoteError> {
        let month = full_month_after(self.request.start);
        let mut lines = Vec::new();
        for component in side.components {
            if !component.terms.recurs_in(side.every) {
                continue;
            }
            let every = component.terms.every_in(side.every);
            match every.months().filter(|months| *months > 1) {
                Some(months) => lines.extend(monthly_part(side, component, (months, month), limits)?),
                None => lines.extend(Self::stay_of(side, component, every, month, limits)?),
            }
        }
        Ok(lines)
    }

    /// A stay of exactly one period.
    fn stay_of(
        side: &Side<'_>,
        component: &PricedComponent,
        every: BillingPeriod,
        period: DateRange,
        limits: &BTreeMap<String, Fixed>,
    ) -> Result<Vec<Line>, QuoteError> {
        let window = period.window();
        let stretches = [crate::pricing::Stretch {
            from: window.start,
            until: Some(window.end),
            state: Some(crate::pricing::PricedQuantity {
                price: &component.price,
                quantity: quantity(component, limits),
            }),
        }];
        let input = Recurring {
            time: window.into(),
            every,
            proration: side.proration,
            stretches: &stretches,
        };
        Ok(side.charged(component).recurring(&input)?)
    }
}

fn monthly_part(
    side: &Side<'_>,
    component: &PricedComponent,
    (months, month): (u32, DateRange),
    limits: &BTreeMap<String, Fixed>,
) -> Result<Option<Line>, QuoteError> {
    let quantity = quantity(component, limits);
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
    let charged = side.charged(component);
    let line = charged.line(Formula::Recurring, &component.price, vec![segment], None)?;
    Ok(Some(line))
}
