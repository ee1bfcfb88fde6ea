//! A life in pieces: of one plan, one amount, one price and one set of terms.

use model::{BillingPeriod, ChargeType, LimitPeriod, Proration};
use rust_decimal::Decimal;

use super::{At, ComponentFacts, Facts, Promise, Span};

/// How a component is counted in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Days,
    Hours,
    Whole,
}

/// By what a component is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Basis {
    pub(super) plan: usize,
    pub(super) every: BillingPeriod,
    pub(super) counted: Counted,
    proration: Proration,
    pub(super) in_advance: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) from: At,
    pub(super) until: Option<At>,
    pub(super) quantity: Decimal,
    /// The price's place in the plan; none where the component costs nothing.
    pub(super) price: Option<(usize, Basis)>,
}

impl Piece {
    pub(super) fn basis(&self) -> Option<Basis> {
        self.price.map(|(_, basis)| basis)
    }

    pub(super) fn counts(&self, counted: Counted) -> bool {
        self.basis().is_some_and(|basis| basis.counted == counted)
    }
}

impl Facts {
    /// What the resource had, each stretch no longer than its last day.
    pub(super) fn spans(&self, resource: usize) -> Vec<Span> {
        let facts = &self.resources[resource];
        let mut spans = facts.spans.clone();
        let end = facts.last_day.map(|day| self.calendar.end(day));
        if let Some((last, end)) = spans.last_mut().filter(|last| last.until.is_none()).zip(end) {
            last.until = Some(end);
        }
        spans.retain(|span| span.until.is_none_or(|until| until > span.from));
        spans
    }

    /// The spans cut where a renewal binds anew: with the first day of its term.
    pub(super) fn promised(&self, resource: usize) -> Vec<Span> {
        let mut spans = self.spans(resource);
        for term in self.resources[resource].terms.iter().skip(1) {
            let start = self.calendar.start(term.first);
            let mut cut = Vec::new();
            let mut stays = false;
            for span in spans {
                // Whoever switched the plan since the renewal has what the switch promised.
                let own = span.plan == term.plan && span.promise.begun <= term.promise.begun;
                stays = own && (stays || span.until.is_none_or(|until| until > start));
                if !stays {
                    cut.push(span);
                    continue;
                }
                if span.from < start {
                    cut.push(Span {
                        until: Some(start),
                        ..span.clone()
                    });
                }
                cut.push(Span {
                    from: span.from.max(start),
                    promise: term.promise,
                    ..span
                });
            }
            spans = cut;
        }
        spans
    }

    /// The whole life, with the parts in which the component costs nothing.
    pub(super) fn pieces(&self, resource: usize, component: &ComponentFacts) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for span in self.promised(resource) {
            let mut cuts = self.turns(span.plan, &component.code, span.promise);
            cuts.retain(|at| *at > span.from && span.until.is_none_or(|until| *at < until));
            cuts.push(span.from);
            cuts.sort_unstable();
            cuts.dedup();
            let quantity = quantity(component, &span);
            for (index, from) in cuts.iter().enumerate() {
                let until = cuts.get(index + 1).copied().or(span.until);
                let price = self.priced(component, span.plan, span.promise, *from);
                match pieces.last_mut() {
                    Some(last)
                        if last.until == Some(*from) && (last.quantity, last.price) == (quantity, price) =>
                    {
                        last.until = until;
                    }
                    _ => pieces.push(Piece {
                        from: *from,
                        until,
                        quantity,
                        price,
                    }),
                }
            }
        }
        pieces
    }

    fn priced(
        &self,
        component: &ComponentFacts,
        plan: usize,
        promise: Promise,
        at: At,
    ) -> Option<(usize, Basis)> {
        let price = self.price_at(plan, &component.code, promise, at)?;
        let terms = self.terms_at(plan, promise, at);
        let every = period_of(component, self.plans[plan].prices[price].every);
        let counted = match (every, terms.proration) {
            (BillingPeriod::Once, _) => Counted::Whole,
            (BillingPeriod::Hour, _) | (_, Proration::Hour) => Counted::Hours,
            (BillingPeriod::Day, _) | (_, Proration::Day) => Counted::Days,
            (_, Proration::None) => Counted::Whole,
        };
        let (proration, in_advance) = (terms.proration, terms.in_advance);
        Some((
            price,
            Basis {
                plan,
                every,
                counted,
                proration,
                in_advance,
            },
        ))
    }
}

fn period_of(component: &ComponentFacts, every: BillingPeriod) -> BillingPeriod {
    let own = match component.period {
        Some(LimitPeriod::Month) => Some(BillingPeriod::Month),
        Some(LimitPeriod::Quarter) => Some(BillingPeriod::Quarter),
        Some(LimitPeriod::HalfYear) => Some(BillingPeriod::HalfYear),
        Some(LimitPeriod::Year) => Some(BillingPeriod::Year),
        _ => None,
    };
    match component.charge {
        ChargeType::Limit => own.unwrap_or(every),
        _ => every,
    }
}

fn quantity(component: &ComponentFacts, span: &Span) -> Decimal {
    match component.charge {
        ChargeType::Limit => span.limits.get(&component.code).copied().unwrap_or_default(),
        _ => Decimal::ONE,
    }
}
