//! What rules and steps look at of an order, and of whoever places it or decides on it.

use model::{CategoryId, Money, OfferingId, OrderKind};

use crate::actor::{Actor, Target};

/// What the rules look at, and who may decide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// Who places the order or decides on it.
    pub(crate) actor: &'a Actor,
    /// Where the order lives.
    pub(crate) target: Target,
    pub(crate) organization: &'a str,
    pub(crate) project: &'a str,
    pub(crate) offering: &'a str,
    pub(crate) provider: &'a str,
    /// Up to which commitment the project's own people may approve; none where they may not.
    pub(crate) approval_limit: Option<Money>,
    /// What the order commits the buyer to: the largest of a full month with the use that is expected, the first invoice, and
    /// what is owed once, net.
    pub(crate) commitment: Money,
    /// The offering's provider wants to decide on each order.
    pub(crate) provider_approval: bool,
}

/// What is ordered, as conditions of rules name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) kind: OrderKind,
    pub(crate) offering: OfferingId,
    /// None where the offering is in none.
    pub(crate) category: Option<CategoryId>,
}

impl Facts<'_> {
    /// What says whom the steps of the order ask.
    pub(crate) fn asks(&self) -> Asks {
        Asks::of(self.target, self.commitment, self.approval_limit)
    }
}

/// What of an order says whom a step asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asks {
    /// Where it lives.
    pub(crate) target: Target,
    /// Whether the project's own people may approve it.
    pub(crate) within_limit: bool,
}

impl Asks {
    /// Of an order that lives there and commits to so much, in a project whose own people may approve up to a limit.
    pub(crate) fn of(target: Target, commitment: Money, limit: Option<Money>) -> Self {
        Self {
            target,
            within_limit: limit.is_some_and(|limit| is_within(commitment, limit)),
        }
    }
}

/// Amounts of two currencies cannot be compared, so none is within a limit in another one.
pub(super) fn is_within(amount: Money, limit: Money) -> bool {
    amount.currency == limit.currency && amount.amount <= limit.amount
}
