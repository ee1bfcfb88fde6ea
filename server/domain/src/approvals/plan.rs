//! What the rules make of an order: its steps, or a refusal. Pure: everything that they look at is in `facts`.

use model::{ApprovalRuleId, Approvers, Ask, RuleEffect, RuleRead, Side};

use super::facts::{Facts, Wanted};
use super::power::{counts_for_own, power};
use super::rule::{Rule, When};
use super::{built_in, sentence};

/// A step that the rules make.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) side: Side,
    /// None where it is built in.
    pub(crate) rule_id: Option<ApprovalRuleId>,
    /// The rule in words.
    pub(crate) rule: String,
    pub(crate) then: Then,
}

/// What becomes of a step at once.
#[derive(Debug, Clone)]
pub(crate) enum Then {
    /// Nobody is asked.
    Passes,
    /// Somebody is.
    Asks {
        ask: Ask,
        /// So many are needed beside whoever places the order.
        needed: u16,
        /// Whether whoever places it may be one of those.
        placer_may: bool,
    },
}

/// What the rules make of an order: at least one step for each side.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Planned>,
    /// What each rule that was read said.
    pub(crate) read: Vec<RuleRead>,
}

/// A rule takes no such order.
#[derive(Debug, Clone)]
pub(crate) struct RefusedByRule {
    pub(crate) reason: String,
    pub(crate) read: Vec<RuleRead>,
}

impl Plan {
    /// The steps for which somebody is asked.
    pub(crate) fn asked(&self) -> impl Iterator<Item = (Side, &Ask)> {
        self.steps.iter().filter_map(|step| match &step.then {
            Then::Asks { ask, .. } => Some((step.side, ask)),
            Then::Passes => None,
        })
    }

    /// Whether anybody of a side is asked.
    pub(crate) fn asks(&self, side: Side) -> bool {
        self.asked().any(|(asked, _)| asked == side)
    }
}

/// Reads `rules`, those of the installation and of both parties in their order, for both sides, between what is built in.
pub(crate) fn plan(facts: &Facts<'_>, wanted: Wanted, rules: &[Rule]) -> Result<Plan, RefusedByRule> {
    plan_for(facts, wanted, rules, &[Side::Buyer, Side::Provider])
}

/// As [`plan`], for some sides.
pub(crate) fn plan_for(
    facts: &Facts<'_>,
    wanted: Wanted,
    rules: &[Rule],
    sides: &[Side],
) -> Result<Plan, RefusedByRule> {
    let mut plan = Plan {
        steps: Vec::new(),
        read: Vec::new(),
    };
    let before = built_in::before();
    for side in sides.iter().copied() {
        let after = built_in::after(side);
        let of_side = rules.iter().filter(|rule| rule.is_about(side));
        for rule in std::iter::once(&before).chain(of_side).chain(&after) {
            if let Some(because) = rule.misfit(facts, wanted, side) {
                plan.read.push(said(rule, side, false, because));
                continue;
            }
            let goes_on = match &rule.then {
                RuleEffect::Skip => plan.pass(side, rule, skipped(rule, facts)),
                RuleEffect::Ask(ask) => plan.ask(side, rule, facts, ask),
                RuleEffect::Refuse { reason } => {
                    plan.read
                        .push(said(rule, side, true, format!("Refused: {reason}")));
                    let (reason, read) = (reason.clone(), plan.read);
                    return Err(RefusedByRule { reason, read });
                }
            };
            if !goes_on {
                break;
            }
        }
    }
    Ok(plan)
}

impl Plan {
    /// The reading of the side ends here.
    fn pass(&mut self, side: Side, rule: &Rule, words: String) -> bool {
        self.read
            .push(said(rule, side, true, "Nobody else is asked.".into()));
        self.steps.push(Planned {
            side,
            rule_id: rule.id,
            rule: words,
            then: Then::Passes,
        });
        false
    }

    /// Whether the reading goes on.
    fn ask(&mut self, side: Side, rule: &Rule, facts: &Facts<'_>, ask: &Ask) -> bool {
        let placer_counts = ask.placer_counts && counts_for_own(facts, &ask.who, side);
        let placer = if placer_counts {
            power(facts, &ask.who, side)
        } else {
            None
        };
        let needed = ask.count.saturating_sub(u16::from(placer.is_some()));
        let words = match &placer {
            Some(words) if needed == 0 => by_rule(rule, words),
            Some(words) => format!(
                "{} {words} Whoever orders counts as one.",
                asked_words(rule, facts, side, ask)
            ),
            None => asked_words(rule, facts, side, ask),
        };
        let then = if needed == 0 {
            Then::Passes
        } else {
            Then::Asks {
                ask: ask.clone(),
                needed,
                placer_may: placer_counts && placer.is_none(),
            }
        };
        self.read.push(said(rule, side, true, words.clone()));
        self.steps.push(Planned {
            side,
            rule_id: rule.id,
            rule: words,
            then,
        });
        !ask.is_last
    }
}

fn said(rule: &Rule, side: Side, fits: bool, because: String) -> RuleRead {
    RuleRead {
        side,
        rule: rule.name.clone(),
        fits,
        because,
    }
}

fn by_rule(rule: &Rule, words: &str) -> String {
    match rule.id {
        Some(_) => format!("Rule “{}”: {words}", rule.name),
        None => words.to_owned(),
    }
}

/// What those on the other side read of a rule: it is its own business.
pub(crate) fn own_rules(whose: &str) -> String {
    format!("{whose} decides by its own rules.")
}

/// Why nobody is asked.
fn skipped(rule: &Rule, facts: &Facts<'_>) -> String {
    match rule.when {
        When::ProviderAsksNot => not_asked(facts),
        When::BySystem => rule.name.clone(),
        When::Conditions(_) => by_rule(rule, "nobody else is asked."),
    }
}

/// That an offering is delivered without asking.
pub(super) fn not_asked(facts: &Facts<'_>) -> String {
    format!(
        "{} is delivered without asking {}.",
        facts.offering, facts.provider
    )
}

/// Who is asked.
fn asked_words(rule: &Rule, facts: &Facts<'_>, side: Side, ask: &Ask) -> String {
    match (rule.id, &ask.who, side) {
        (None, Approvers::Usual, Side::Buyer) => {
            format!(
                "Somebody who may approve orders of {} decides.",
                facts.organization
            )
        }
        (None, Approvers::Usual, Side::Provider) => {
            format!("Somebody who may accept orders for {} decides.", facts.provider)
        }
        _ => by_rule(
            rule,
            &format!("{}.", sentence::asked(ask, side, &sentence::Called::new())),
        ),
    }
}

#[cfg(test)]
mod tests;
