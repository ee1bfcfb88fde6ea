//! By what a component of a plan is charged.

use entity::component;
use model::pricing::counted_in;
use model::{BillingPeriod, ChargeMode, ChargeType, Currency, Fixed, PlanId, Proration};

use super::in_force::Piece;
use crate::billing::inputs::Span;

/// By what a component is charged: the period of its price, how parts of one count, and on which invoice it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Basis {
    /// The period that the price is for.
    pub(super) every: BillingPeriod,
    pub(super) proration: Proration,
    pub(super) mode: ChargeMode,
}

impl Basis {
    pub(super) fn of(component: &component::Model, piece: &Piece<'_>) -> Self {
        Self {
            every: component.terms().every_in(piece.price.every),
            proration: piece.terms.proration,
            mode: piece.terms.charge_mode,
        }
    }

    /// Nothing is charged for parts of a period: one that has begun is owed whole.
    pub(super) fn is_whole(self) -> bool {
        counted_in(self.every, self.proration).is_none()
    }

    /// Whether a period that has begun on the other basis is charged with those of this one: the same, or both whole.
    /// Nobody owes one twice because the terms of the plan have changed in it.
    pub(super) fn shares_periods_with(self, other: Self) -> bool {
        self == other || (self.every == other.every && self.is_whole() && other.is_whole())
    }
}

/// A component of a plan on one basis.
pub(super) struct Part<'a> {
    pub(super) component: &'a component::Model,
    pub(super) plan: PlanId,
    pub(super) currency: Currency,
    pub(super) basis: Basis,
}

/// What a span has of a component: the limit, or one of what the plan includes.
pub(super) fn quantity(component: &component::Model, span: &Span) -> Fixed {
    match component.charge {
        ChargeType::Limit => span.limits.get(&component.code).copied().unwrap_or_default(),
        _ => Fixed::ONE,
    }
}
