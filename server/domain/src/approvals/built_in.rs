//! The rules that every order is read by, as data like those that people write.

use model::{Ask, RuleEffect, Side};

use super::rule::{Rule, When};

/// What is read before every other rule. What the system places by itself follows from what people have agreed to before: a
/// last day is over.
pub(super) fn before() -> Rule {
    Rule {
        id: None,
        side: None,
        name: "What is over is ended without asking anybody.".into(),
        when: When::BySystem,
        then: RuleEffect::Skip,
    }
}

/// What is read after every other rule of a side: it always fits in the end.
pub(super) fn after(side: Side) -> Vec<Rule> {
    let usual = Rule {
        id: None,
        side: Some(side),
        name: match side {
            Side::Buyer => {
                "Somebody who may approve orders of the organization decides, or of the project up to its limit; whoever may is not asked about their own orders."
            }
            Side::Provider => {
                "Somebody who may accept orders for the provider decides; whoever may is not asked about their own orders."
            }
        }
        .into(),
        when: When::Conditions(model::RuleConditions::default()),
        then: RuleEffect::Ask(Ask::usual()),
    };
    let not_asked = Rule {
        id: None,
        side: Some(Side::Provider),
        name: "An offering that is delivered without asking its provider asks nobody there.".into(),
        when: When::ProviderAsksNot,
        then: RuleEffect::Skip,
    };
    match side {
        Side::Buyer => vec![usual],
        Side::Provider => vec![not_asked, usual],
    }
}
