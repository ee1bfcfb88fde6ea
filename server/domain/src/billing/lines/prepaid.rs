//! What is paid up front, term by term, and what is used beyond it.
//!
//! A term is owed on its first day, for the limit that holds then, at the price that its order quoted, or where the plan
//! was switched since, at the price that the switch has bound; a limit that is raised within it, for the months that
//! remain. Nothing is given back. A term that the resource did not live to see is
//! not owed.

use chrono::{DateTime, NaiveDate, Utc};
use entity::component;
use model::pricing::{PrepaidIncrease, Version};
use model::{BillingPeriod, Charged, Currency, DateRange, Fixed, Month, Price, corrected, prepaid_window};

use super::once::limit_of;
use super::{Due, Fault, ResourceMonth};
use crate::billing::inputs::{PaidTerm, Span};

impl<'a> ResourceMonth<'a> {
    /// A prepaid limit: each term up front, then increases for the months that remain of it.
    pub(super) fn prepaid(&self, component: &component::Model) -> Result<Vec<Due>, Fault> {
        let mut dues = Vec::new();
        for term in &self.resource.terms {
            dues.extend(self.prepaid_term(component, term)?);
        }
        // Placing orders lets nobody have a prepaid limit without a term; if somebody has, it must not be free.
        let owed = |span: &Span| !limit_of(span, component).is_zero() && self.in_month(span.from);
        if self.resource.terms.is_empty() && self.resource.spans.iter().any(owed) {
            return Err(Fault::NoEndDate);
        }
        Ok(dues)
    }

    fn prepaid_term(&self, component: &component::Model, term: &PaidTerm) -> Result<Vec<Due>, Fault> {
        let (start, end) = self.bounds(term);
        let terms = component.terms();
        let mut dues = Vec::new();
        let mut paid = Fixed::ZERO;
        for (index, span) in self.lived(start, end).enumerate() {
            let at = span.from.max(start);
            let on = self.zone.day(at);
            let price = if index == 0 {
                self.price_of_term(term, span, component, at)
            } else {
                self.price_of(span, component, at)
            };
            let Some((currency, price)) = price else {
                continue;
            };
            let limit = limit_of(span, component);
            if limit <= paid {
                continue;
            }
            let charged = Charged {
                terms: &terms,
                currency,
            };
            let line = if index == 0 {
                Some(charged.prepaid(price, limit, term.days)?)
            } else {
                let change = PrepaidIncrease {
                    old: paid,
                    limit,
                    on,
                    term: term.days,
                };
                charged.prepaid_increase(price, &change)?
            };
            paid = limit;
            if let Some(line) = line.filter(|_| self.in_month(at)) {
                let days = DateRange {
                    start: on,
                    end: term.days.end,
                };
                dues.push(Due {
                    days,
                    ..self.due(currency, line, on)
                });
            }
        }
        Ok(dues)
    }

    /// The first instant of a term, and the one after its last.
    pub(super) fn bounds(&self, term: &PaidTerm) -> (DateTime<Utc>, DateTime<Utc>) {
        let days = term.days;
        (self.zone.start_of(days.start), self.zone.start_of(days.end))
    }

    /// The spans of the resource's life between two instants.
    pub(super) fn lived(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> impl Iterator<Item = &'a Span> {
        let touches = move |span: &&Span| span.from < end && span.until.is_none_or(|until| until > start);
        self.resource.spans.iter().filter(touches)
    }

    /// The price of a component in a span at an instant.
    fn price_of(
        &self,
        span: &Span,
        component: &component::Model,
        at: DateTime<Utc>,
    ) -> Option<(Currency, &'a Price)> {
        let in_force = self.in_force(span, component)?;
        Some((in_force.currency, &in_force.price_at(at)?.price))
    }

    /// The price of a whole term that begins under `span` at `at`: the version that its order quoted, or where it quoted
    /// none in this plan, the one that the order of the span has bound; as it is corrected at `at`.
    pub(super) fn price_of_term(
        &self,
        term: &PaidTerm,
        span: &Span,
        component: &component::Model,
        at: DateTime<Utc>,
    ) -> Option<(Currency, &'a Price)> {
        let plan = self.tariff.plans.get(&span.plan)?;
        let versions = plan.prices.get(&component.id)?;
        let wanted = term.prices.get(&component.code);
        let quoted = versions
            .iter()
            .find(|version| Some(&version.price.version) == wanted);
        let bound = || versions.iter().rfind(|version| version.is_bound(&span.binding));
        match quoted.or_else(bound) {
            Some(version) => Some((plan.currency, &corrected(versions, version, at).price)),
            None => self.price_of(span, component, at),
        }
    }

    /// What was used beyond a prepaid limit in `month`, on the days on which it was. It is counted over the limit's
    /// period from the start of the term. What went over once stays over, though the limit is raised later.
    pub(super) fn overage(
        &self,
        limited: &component::Model,
        month: Month,
    ) -> Result<Vec<(NaiveDate, Fixed)>, Fault> {
        let mut days = Vec::new();
        for term in &self.resource.terms {
            let Some(seen) = term.days.intersect(month.range()) else {
                continue;
            };
            let mut day = seen.start;
            while let Some(window) =
                prepaid_window(self.period_of(limited, day), term.days, day).filter(|_| day < seen.end)
            {
                days.extend(self.overage_in(limited, window, seen)?);
                day = window.end;
            }
        }
        Ok(days)
    }

    /// The limit's period in the plan of `day`.
    fn period_of(&self, limited: &component::Model, day: NaiveDate) -> BillingPeriod {
        let price = self.span_on(day).and_then(|span| {
            let at = self.zone.start_of(day).max(span.from);
            self.in_force(span, limited)?.price_at(at)
        });
        limited
            .terms()
            .every_in(price.map_or(BillingPeriod::Month, |price| price.every))
    }

    /// The part of one window that lies in `seen`.
    fn overage_in(
        &self,
        limited: &component::Model,
        window: DateRange,
        seen: DateRange,
    ) -> Result<Vec<(NaiveDate, Fixed)>, Fault> {
        let used = self.resource.usage.get(&limited.code);
        let (mut sum, mut over) = (Fixed::ZERO, Fixed::ZERO);
        let mut days = Vec::new();
        // Use that was corrected to nothing is none: what a lower limit would make of the use before it comes with use only.
        let used = used
            .into_iter()
            .flat_map(|days| days.range(window.start..window.end.min(seen.end)))
            .filter(|(_, quantity)| !quantity.is_zero());
        for (day, quantity) in used {
            sum = sum.checked_add(*quantity)?;
            let limit = self.span_on(*day).map_or(sum, |span| limit_of(span, limited));
            let beyond = sum.checked_sub(limit)?;
            if beyond > over {
                if seen.contains(*day) {
                    days.push((*day, beyond.checked_sub(over)?));
                }
                over = beyond;
            }
        }
        Ok(days)
    }
}
