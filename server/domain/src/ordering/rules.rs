//! Who must agree to an order: a table of rules, read from the top. The first that fits lets the order pass its side, and
//! its words are kept with the order. If none fits, somebody of that side is asked.

use model::{Money, Permission, Side};

use crate::access::{Actor, Target};

/// What the rules look at.
pub(super) struct Facts<'a> {
    /// Who places the order or decides on it.
    pub(super) actor: &'a Actor,
    /// Where the order lives.
    pub(super) target: Target,
    pub(super) organization: &'a str,
    pub(super) project: &'a str,
    pub(super) offering: &'a str,
    pub(super) provider: &'a str,
    /// Up to which commitment the project's own people may approve; none where they may not, or where the plan's
    /// currency is not the organization's, since amounts of two currencies cannot be compared.
    pub(super) approval_limit: Option<Money>,
    /// What the order commits the buyer to: the largest of a full month with the use that is expected, the first invoice, and
    /// what is owed once, net.
    pub(super) commitment: Money,
    /// The offering's provider wants to decide on each order.
    pub(super) provider_approval: bool,
}

/// When a rule is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It gives a person the power to decide; a placer who has it is not asked.
    Power,
    /// The side need not be asked at all.
    Exemption,
}

struct Rule {
    side: Side,
    kind: Kind,
    fits: fn(&Facts<'_>) -> bool,
    words: fn(&Facts<'_>) -> String,
}

const RULES: &[Rule] = &[
    by_system(Side::Buyer),
    by_system(Side::Provider),
    Rule {
        side: Side::Buyer,
        kind: Kind::Power,
        fits: |facts| facts.actor.may(Permission::ApproveOrder, &facts.target),
        words: |facts| {
            format!(
                "{} may approve orders of {}.",
                facts.actor.name, facts.organization
            )
        },
    },
    Rule {
        side: Side::Buyer,
        kind: Kind::Power,
        fits: |facts| facts.within_limit(),
        words: |facts| facts.within_limit_words(),
    },
    Rule {
        side: Side::Provider,
        kind: Kind::Exemption,
        fits: |facts| !facts.provider_approval,
        words: |facts| {
            format!(
                "{} is delivered without asking {}.",
                facts.offering, facts.provider
            )
        },
    },
    Rule {
        side: Side::Provider,
        kind: Kind::Power,
        fits: |facts| facts.actor.may(Permission::ApproveAsProvider, &facts.target),
        words: |facts| format!("{} may accept orders for {}.", facts.actor.name, facts.provider),
    },
];

/// What the system places by itself follows from what people have agreed to before: a last day is over.
const fn by_system(side: Side) -> Rule {
    Rule {
        side,
        kind: Kind::Exemption,
        fits: |facts| facts.actor.is_system(),
        words: |_| "What is over is ended without asking anybody.".to_owned(),
    }
}

impl Facts<'_> {
    /// The words of the rule by which the order passes `side` without asking anybody; none if somebody must be asked.
    pub(super) fn passes(&self, side: Side) -> Option<String> {
        self.first(|rule| rule.side == side)
    }

    /// The words of the rule by which the actor may decide for `side`; none if the actor may not.
    pub(super) fn power(&self, side: Side) -> Option<String> {
        self.first(|rule| rule.side == side && rule.kind == Kind::Power)
    }

    fn first(&self, wanted: impl Fn(&Rule) -> bool) -> Option<String> {
        RULES
            .iter()
            .filter(|rule| wanted(rule))
            .find(|rule| (rule.fits)(self))
            .map(|rule| (rule.words)(self))
    }

    fn within_limit(&self) -> bool {
        let affordable = self.approval_limit.is_some_and(|limit| {
            limit.currency == self.commitment.currency && self.commitment.amount <= limit.amount
        });
        affordable && self.actor.may(Permission::ApproveOrderWithinLimit, &self.target)
    }

    fn within_limit_words(&self) -> String {
        let limit = self
            .approval_limit
            .map(|limit| limit.to_string())
            .unwrap_or_default();
        format!(
            "{} may approve orders that commit to up to {limit} in {}; this one commits to {}.",
            self.actor.name, self.project, self.commitment
        )
    }
}

#[cfg(test)]
mod tests;
