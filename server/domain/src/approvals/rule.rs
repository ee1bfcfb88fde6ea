//! One rule, and whether it fits an order.

use entity::approval_rule;
use model::{ApprovalRuleId, OrderKind, RuleAction, RuleConditions, RuleEffect, Side};
use sea_orm::DbErr;

use super::facts::{Facts, Wanted, is_within};
use super::power::holds_role;
use super::sentence;

/// A rule as it is read.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// None where it is built in.
    pub(super) id: Option<ApprovalRuleId>,
    /// None where it is about both sides.
    pub(super) side: Option<Side>,
    pub(super) name: String,
    pub(super) when: When,
    pub(super) then: RuleEffect,
}

/// When a rule fits.
#[derive(Debug, Clone)]
pub(super) enum When {
    /// What people can say.
    Conditions(RuleConditions),
    /// The system places the order.
    BySystem,
    /// The offering is delivered without asking its provider.
    ProviderAsksNot,
}

impl Rule {
    /// As it is stored.
    pub(super) fn of(row: approval_rule::Model) -> Result<Self, DbErr> {
        Ok(Self {
            id: Some(row.id),
            side: Some(row.side),
            name: row.name,
            when: When::Conditions(entity::json::read("approval_rules.conditions", &row.conditions)?),
            then: entity::json::read("approval_rules.effect", &row.effect)?,
        })
    }

    pub(super) fn is_about(&self, side: Side) -> bool {
        self.side.is_none_or(|about| about == side)
    }

    /// Whether it would keep a buyer from ending what it has. What is built in is no rule of one party against the other.
    fn holds_up_ends(&self, side: Side) -> bool {
        holds_up_ends(&self.then, side) && self.id.is_some()
    }

    /// Why it does not fit, in words; nothing where it fits.
    /// It is read for the decision of `side`.
    pub(super) fn misfit(&self, facts: &Facts<'_>, wanted: Wanted, side: Side) -> Option<String> {
        if wanted.kind == OrderKind::Terminate && self.holds_up_ends(side) {
            return Some("What runs can always be ended.".into());
        }
        match &self.when {
            When::Conditions(conditions) => misfit(conditions, facts, wanted, side),
            When::BySystem => {
                (!facts.actor.is_system()).then(|| format!("{} places the order.", facts.actor.name))
            }
            When::ProviderAsksNot => facts
                .provider_approval
                .then(|| format!("{} wants to be asked about {}.", facts.provider, facts.offering)),
        }
    }
}

/// Whether an effect is none for ends of resources: they are refused by nobody, and are not a provider's to agree to.
pub(super) fn holds_up_ends(then: &RuleEffect, side: Side) -> bool {
    match then.action() {
        RuleAction::Refuse => true,
        RuleAction::Ask => side == Side::Provider,
        RuleAction::Skip => false,
    }
}

fn misfit(conditions: &RuleConditions, facts: &Facts<'_>, wanted: Wanted, side: Side) -> Option<String> {
    let RuleConditions {
        kinds,
        commits_over,
        commits_up_to,
        categories,
        offerings,
        placed_by,
    } = conditions;
    let commits = || format!("The order commits to {}.", facts.commitment);
    if !kinds.is_empty() && !kinds.contains(&wanted.kind) {
        return Some(format!("It asks for: {}.", wanted.kind.label().to_lowercase()));
    }
    if commits_over.is_some_and(|limit| is_within(facts.commitment, limit)) {
        return Some(commits());
    }
    if commits_up_to.is_some_and(|limit| !is_within(facts.commitment, limit)) {
        return Some(commits());
    }
    if !offerings.is_empty() && !offerings.contains(&wanted.offering) {
        return Some(format!("{} is ordered.", facts.offering));
    }
    if !categories.is_empty()
        && !wanted
            .category
            .is_some_and(|category| categories.contains(&category))
    {
        return Some(format!("{} is in another category.", facts.offering));
    }
    let held = |role: &model::Role| holds_role(facts.actor, *role, side, &facts.target);
    if !placed_by.is_empty() && !placed_by.iter().any(held) {
        let roles = sentence::roles(placed_by, "or");
        return Some(format!("{} is no {roles} here.", facts.actor.name));
    }
    None
}
