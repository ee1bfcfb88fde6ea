//! Which price and which terms count for a stretch of a resource's life: the versions of its plan, and what its order
//! has bound of them.

use chrono::{DateTime, Utc};
use entity::component;
use model::{Currency, PlanTerms, PriceVersion, TermsVersion, Timeline, price_timeline, terms_timeline};

use super::ResourceMonth;
use crate::billing::inputs::Span;

/// The prices of a component and the terms of its plan over a span.
pub(super) struct InForce<'a> {
    pub(super) currency: Currency,
    terms: Timeline<'a, TermsVersion>,
    prices: Timeline<'a, PriceVersion>,
}

/// A part of a span under one price and one set of terms.
pub(super) struct Piece<'a> {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    pub(super) price: &'a PriceVersion,
    pub(super) terms: &'a PlanTerms,
}

impl<'a> ResourceMonth<'a> {
    /// None where the plan of the span does not sell the component at all.
    pub(super) fn in_force(&self, span: &Span, component: &component::Model) -> Option<InForce<'a>> {
        let plan = self.tariff.plans.get(&span.plan)?;
        let versions = plan.prices.get(&component.id)?;
        let terms = terms_timeline(&plan.terms, &span.binding);
        Some(InForce {
            currency: plan.currency,
            prices: price_timeline(versions, &span.binding, &terms),
            terms,
        })
    }

    /// The price of what is charged once, at the beginning of `span`. None where there was none then: what is added
    /// later is owed by those who begin later.
    pub(super) fn price_at_start(
        &self,
        span: &Span,
        component: &component::Model,
    ) -> Option<(Currency, &'a PriceVersion)> {
        let in_force = self.in_force(span, component)?;
        Some((in_force.currency, in_force.price_at(span.from)?))
    }

    /// The terms at the beginning of `span`, with the currency of its plan.
    pub(super) fn terms_at_start(&self, span: &Span) -> Option<(Currency, &'a PlanTerms)> {
        let plan = self.tariff.plans.get(&span.plan)?;
        let version = terms_timeline(&plan.terms, &span.binding).at(span.from)?;
        Some((plan.currency, &version.terms))
    }
}

impl<'a> InForce<'a> {
    /// None before the first price.
    pub(super) fn price_at(&self, at: DateTime<Utc>) -> Option<&'a PriceVersion> {
        self.prices.at(at)
    }

    /// What counts at an instant, as a piece that has not lasted yet. None before the first price.
    pub(super) fn piece_at(&self, at: DateTime<Utc>) -> Option<Piece<'a>> {
        Some(Piece {
            from: at,
            until: at,
            price: self.prices.at(at)?,
            terms: &self.terms.at(at)?.terms,
        })
    }

    /// The half-open stretch cut where a price or a term changes; without what lies before the first price.
    pub(super) fn pieces(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Piece<'a>> {
        let under_terms = |price: model::pricing::Piece<'a, PriceVersion>| {
            let parts = self.terms.pieces(price.from, price.until).into_iter();
            parts.map(move |part| Piece {
                from: part.from,
                until: part.until,
                price: price.version,
                terms: &part.version.terms,
            })
        };
        self.prices
            .pieces(from, until)
            .into_iter()
            .flat_map(under_terms)
            .collect()
    }
}
