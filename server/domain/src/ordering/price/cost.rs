//! What an order will cost: the model's quote over what it depends on.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use entity::json::Limits;
use entity::plan;
use model::{
    BillingPeriod, DateRange, Fixed, LaterTerm, Occasion, PlanTerms, PreviousPlan, PricedComponent, Quote,
    QuoteError, QuoteRequest, TaxRate, ToCome,
};

use crate::check::Check;
use crate::ordering::OrderingError;
use crate::zone::Zone;

/// What the cost of an order depends on.
pub(in crate::ordering) struct Cost<'a> {
    pub(in crate::ordering) occasion: Occasion,
    /// None where the draft names no plan that can be had: then only faults are looked for.
    pub(in crate::ordering) plan: Option<&'a plan::Model>,
    pub(in crate::ordering) terms: Option<PlanTerms>,
    pub(in crate::ordering) components: Vec<PricedComponent>,
    pub(in crate::ordering) limits: Limits,
    pub(in crate::ordering) limits_before: Limits,
    /// The plan that is left.
    pub(in crate::ordering) previous: Option<PreviousPlan>,
    /// What the buyer expects to use a month.
    pub(in crate::ordering) expected: Limits,
    /// Now, where the buyer's invoices are counted.
    pub(in crate::ordering) start: NaiveDateTime,
    /// Whose clocks show that.
    pub(in crate::ordering) zone: &'a Zone,
    pub(in crate::ordering) last_day: Option<NaiveDate>,
    /// Of a change: the term that runs, which is paid up front.
    pub(in crate::ordering) paid_term: Option<DateRange>,
    /// Terms that are ordered already and begin later, where they are changed.
    pub(in crate::ordering) later_terms: Vec<LaterTerm>,
    /// What is published and will reach what is ordered.
    pub(in crate::ordering) to_come: Vec<ToCome>,
    pub(in crate::ordering) tax: TaxRate,
}

impl Cost<'_> {
    /// The quote, or none when something is at fault; faulty limits are added to `check`.
    pub(in crate::ordering) fn quote(self, check: &mut Check) -> Result<Option<Quote>, OrderingError> {
        let is_priced = self.plan.is_some();
        match model::quote(&self.request()) {
            Ok(quote) => Ok(Some(quote).filter(|_| is_priced)),
            Err(QuoteError::Limits(found)) => {
                check.extend(found);
                Ok(None)
            }
            // Both are faults of how long it is to be had, which `check_duration` has told.
            Err(QuoteError::MissingTerm | QuoteError::EndBeforeStart) => Ok(None),
            Err(QuoteError::Pricing(_)) if !is_priced => Ok(None),
            Err(error) => Err(OrderingError::Price(error)),
        }
    }

    pub(in crate::ordering) fn request(self) -> QuoteRequest {
        use model::{ChargeMode, Currency, Proration};
        let (plan, terms) = (self.plan, self.terms);
        QuoteRequest {
            occasion: self.occasion,
            currency: plan.map_or(Currency::Eur, |plan| plan.currency),
            every: terms.map_or(BillingPeriod::Month, |terms| terms.billing_period),
            proration: terms.map_or(Proration::Day, |terms| terms.proration),
            mode: terms.map_or(ChargeMode::Arrears, |terms| terms.charge_mode),
            setup_fee: terms.map_or(Fixed::ZERO, |terms| terms.setup_fee),
            components: self.components,
            limits: self.limits,
            previous_limits: self.limits_before,
            previous: self.previous,
            expected: self.expected,
            start: self.start.date(),
            time: self.start.time(),
            clock: self.zone.clock(self.start.date()),
            end: self.last_day.and_then(|day| day.succ_opt()),
            paid_term: self.paid_term,
            later_terms: self.later_terms,
            to_come: self.to_come,
            tax: self.tax,
        }
    }
}

/// The limits that hold after the order: what was chosen, what is held, or the default of a component that is ordered
/// anew (`held` is none). A component that came later stays without a limit until one is chosen.
pub(in crate::ordering) fn settled_limits(
    components: &[PricedComponent],
    chosen: &Limits,
    held: Option<&Limits>,
) -> Limits {
    let limited = components
        .iter()
        .filter(|component| component.terms.charge == model::ChargeType::Limit);
    let settle = |component: &PricedComponent| {
        let code = &component.terms.code;
        let kept = match held {
            Some(held) => held.get(code).copied(),
            None => component.terms.default,
        };
        Some((code.clone(), chosen.get(code).copied().or(kept)?))
    };
    limited.filter_map(settle).collect()
}

/// When an order of which `start` is the first day begins: now, or at the midnight of a later day.
pub(in crate::ordering) fn starting(start: NaiveDate, now: NaiveDateTime) -> NaiveDateTime {
    if start == now.date() {
        now
    } else {
        start.and_time(NaiveTime::MIN)
    }
}
