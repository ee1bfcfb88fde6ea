//! Rules of approval, the steps that they make, deputies, reminders: on both engines, against the services.

mod deciding;
mod deputies;
mod rules;
mod waiting;

use domain::Actor;
use model::{
    ApprovalRule, ApprovalRuleDraft, Approvers, Ask, Currency, Fixed, Money, OrderDetail, RuleConditions,
    RuleEffect, Scope, StepState,
};
use testkit::World;

/// A rule that fits every order.
pub(crate) fn always(name: &str, then: RuleEffect) -> ApprovalRuleDraft {
    ApprovalRuleDraft {
        name: name.to_owned(),
        side: None,
        when: RuleConditions::default(),
        then,
        is_active: true,
    }
}

/// So many of those.
pub(crate) fn asks(count: u16, who: Approvers) -> Ask {
    Ask {
        who,
        count,
        ..Ask::usual()
    }
}

/// The last step of its side.
fn last(ask: Ask) -> RuleEffect {
    RuleEffect::Ask(Ask { is_last: true, ..ask })
}

fn eur(amount: u32) -> Money {
    Money::from_fixed(Fixed::from(amount), Currency::Eur)
}

pub(crate) async fn make(
    world: &World,
    actor: &Actor,
    scope: Scope,
    draft: ApprovalRuleDraft,
) -> ApprovalRule {
    world
        .domain()
        .approvals()
        .create(actor, scope, draft)
        .await
        .unwrap()
}

fn states(order: &OrderDetail) -> Vec<StepState> {
    order.steps.iter().map(|step| step.state).collect()
}
