//! By what somebody is one of those whom a step asks.

use model::{Approvers, Permission, Role, Scope, Side, TokenScope};

use super::facts::{Facts, is_within};
use crate::actor::{Actor, Target, check_scope};

/// By what `facts.actor` is one of those whom a step of `side` asks, in words; none where they are not.
pub(super) fn power(facts: &Facts<'_>, who: &Approvers, side: Side) -> Option<String> {
    let actor = facts.actor;
    match (who, side) {
        (Approvers::Usual, Side::Buyer) => without_limit(facts).or_else(|| within_limit(facts)),
        (Approvers::Unlimited, Side::Buyer) => without_limit(facts),
        (Approvers::Usual | Approvers::Unlimited, Side::Provider) => actor
            .may(Permission::ApproveAsProvider, &facts.target)
            .then(|| format!("{} may accept orders for {}.", actor.name, facts.provider)),
        (Approvers::Roles(roles), _) => {
            let held = roles
                .iter()
                .find(|role| holds_role(actor, **role, side, &facts.target));
            let held = held.filter(|_| may_decide_at_all(actor))?;
            Some(format!("{} is {} here.", actor.name, held.label().to_lowercase()))
        }
        (Approvers::People(people), _) => {
            let named = people.contains(&actor.user_id) && sees(actor, side, &facts.target);
            (named && may_decide_at_all(actor)).then(|| format!("{} is asked by name.", actor.name))
        }
    }
}

fn without_limit(facts: &Facts<'_>) -> Option<String> {
    let actor = facts.actor;
    let may = actor.may(Permission::ApproveOrder, &facts.target);
    may.then(|| format!("{} may approve orders of {}.", actor.name, facts.organization))
}

fn within_limit(facts: &Facts<'_>) -> Option<String> {
    let actor = facts.actor;
    let limit = facts
        .approval_limit
        .filter(|limit| is_within(facts.commitment, *limit))?;
    actor
        .may(Permission::ApproveOrderWithinLimit, &facts.target)
        .then(|| {
            format!(
                "{} may approve orders that commit to up to {limit} in {}; this one commits to {}.",
                actor.name, facts.project, facts.commitment
            )
        })
}

/// Whether `facts.actor`, who places the order, may be one of those whom a step asks: not where only a role on the project makes them
/// one and the order commits to more than the project's own people may approve. Who has which role there is theirs to say.
pub(super) fn counts_for_own(facts: &Facts<'_>, who: &Approvers, side: Side) -> bool {
    let (Approvers::Roles(roles), Side::Buyer) = (who, side) else {
        return true;
    };
    let actor = facts.actor;
    let held = actor.grants.iter().filter(|grant| roles.contains(&grant.role));
    let mut held = held
        .filter(|grant| is_on(grant.scope, side, &facts.target))
        .peekable();
    let by_project_alone =
        held.peek().is_some() && held.all(|grant| matches!(grant.scope, Scope::Project(_)));
    !by_project_alone || without_limit(facts).is_some() || within_limit(facts).is_some()
}

/// Whether a token, if one is used, may decide on anything.
fn may_decide_at_all(actor: &Actor) -> bool {
    check_scope(actor, TokenScope::Approve).is_ok()
}

/// Whether somebody holds a role where an order lives, on that side of it or on the installation.
pub(super) fn holds_role(actor: &Actor, role: Role, side: Side, target: &Target) -> bool {
    actor
        .grants
        .iter()
        .any(|grant| grant.role == role && is_on(grant.scope, side, target))
}

/// Whether a scope is one of those that an order lives in, on one side of it; the installation is on both.
pub(super) fn is_on(scope: Scope, side: Side, target: &Target) -> bool {
    match (scope, side) {
        (Scope::System, _) => true,
        (Scope::Organization(id), Side::Buyer) => target.organization == Some(id),
        (Scope::Project(id), Side::Buyer) => target.project == Some(id),
        (Scope::Organization(id) | Scope::Provider(id), Side::Provider) => target.provider == Some(id),
        (Scope::Offering(id), Side::Provider) => target.offering == Some(id),
        (Scope::Provider(_) | Scope::Offering(_), Side::Buyer) | (Scope::Project(_), Side::Provider) => false,
    }
}

/// Whether somebody sees an order from one side, whatever a token is for.
pub(crate) fn sees(actor: &Actor, side: Side, target: &Target) -> bool {
    actor.granted(side.sight(), target)
}
