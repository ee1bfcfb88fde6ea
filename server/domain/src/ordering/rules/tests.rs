use std::fmt::Write as _;

use model::{Currency, Fixed, OfferingId, OrganizationId, ProjectId, Role, Scope, UserId};
use uuid::Uuid;

use super::*;
use crate::access::Grant;

const BUYER: OrganizationId = OrganizationId(Uuid::from_u128(1));
const SELLER: OrganizationId = OrganizationId(Uuid::from_u128(2));
const PROJECT: ProjectId = ProjectId(Uuid::from_u128(3));
const OFFERING: OfferingId = OfferingId(Uuid::from_u128(4));

/// Every role on the scope where it belongs, on both sides of the sale.
fn holders() -> Vec<(&'static str, Option<Grant>)> {
    let on = |role, scope| Some(Grant { role, scope });
    vec![
        ("stranger", None),
        (
            "buyer: owner",
            on(Role::OrganizationOwner, Scope::Organization(BUYER)),
        ),
        (
            "buyer: manager",
            on(Role::OrganizationManager, Scope::Organization(BUYER)),
        ),
        (
            "buyer: accountant",
            on(Role::BillingReader, Scope::Organization(BUYER)),
        ),
        (
            "project: administrator",
            on(Role::ProjectAdmin, Scope::Project(PROJECT)),
        ),
        (
            "project: manager",
            on(Role::ProjectManager, Scope::Project(PROJECT)),
        ),
        (
            "project: member",
            on(Role::ProjectMember, Scope::Project(PROJECT)),
        ),
        (
            "project: reader",
            on(Role::ProjectReader, Scope::Project(PROJECT)),
        ),
        (
            "seller: owner",
            on(Role::OrganizationOwner, Scope::Organization(SELLER)),
        ),
        (
            "seller: provider manager",
            on(Role::ProviderManager, Scope::Provider(SELLER)),
        ),
        (
            "seller: offering manager",
            on(Role::OfferingManager, Scope::Offering(OFFERING)),
        ),
        ("staff", on(Role::Staff, Scope::System)),
        ("support", on(Role::Support, Scope::System)),
    ]
}

fn actor(grant: Option<Grant>) -> Actor {
    Actor {
        user_id: UserId(Uuid::from_u128(9)),
        name: "Ada".into(),
        email: "ada@example.org".into(),
        username: "ada".into(),
        time_zone: chrono_tz::Tz::UTC,
        grants: grant.into_iter().collect(),
        token_scopes: None,
        password_typed_at: None,
    }
}

fn eur(amount: u32) -> Money {
    Money::from_fixed(Fixed::from(amount), Currency::Eur)
}

fn facts(actor: &Actor) -> Facts<'_> {
    Facts {
        actor,
        target: Target::project(BUYER, PROJECT).sold_by(SELLER, Some(OFFERING)),
        organization: "Aalto Institute",
        project: "Hydrology",
        offering: "HPC allocation",
        provider: "Nordic Compute",
        approval_limit: Some(eur(500)),
        commitment: eur(120),
        provider_approval: true,
    }
}

#[test]
fn whom_an_order_waits_for_by_who_places_it() {
    let mut table = String::new();
    for (holder, grant) in holders() {
        let actor = actor(grant);
        for (cost, provider_approval) in [(120, true), (900, true), (120, false)] {
            let facts = Facts {
                commitment: eur(cost),
                provider_approval,
                ..facts(&actor)
            };
            let word = |side| facts.passes(side).unwrap_or_else(|| "asked".into());
            let (buyer, provider) = (word(Side::Buyer), word(Side::Provider));
            let asks = if provider_approval { "asks" } else { "does not ask" };
            writeln!(table, "{holder}, commits to €{cost}, provider {asks}\n    buyer:    {buyer}\n    provider: {provider}").unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn an_exemption_gives_nobody_the_power_to_decide() {
    let member = actor(Some(Grant {
        role: Role::ProjectMember,
        scope: Scope::Project(PROJECT),
    }));
    let facts = Facts {
        provider_approval: false,
        ..facts(&member)
    };
    assert!(facts.passes(Side::Provider).is_some());
    assert_eq!(facts.power(Side::Provider), None);
}

#[test]
fn the_limit_is_included_and_counts_only_in_its_own_currency() {
    let manager = actor(Some(Grant {
        role: Role::ProjectManager,
        scope: Scope::Project(PROJECT),
    }));
    let passes = |commitment| {
        Facts {
            commitment,
            ..facts(&manager)
        }
        .passes(Side::Buyer)
        .is_some()
    };
    assert!(passes(eur(500)));
    assert!(!passes(eur(501)));
    assert!(!passes(Money::from_fixed(Fixed::from(1_u32), Currency::Usd)));
    let unlimited = Facts {
        approval_limit: None,
        ..facts(&manager)
    };
    assert_eq!(
        unlimited.passes(Side::Buyer),
        None,
        "a project without a limit leaves it to the organization"
    );
}

#[test]
fn a_token_decides_only_within_its_scopes() {
    let owner = actor(Some(Grant {
        role: Role::OrganizationOwner,
        scope: Scope::Organization(BUYER),
    }));
    let token = Actor {
        token_scopes: Some(vec![model::TokenScope::Order]),
        password_typed_at: None,
        ..owner
    };
    assert_eq!(facts(&token).passes(Side::Buyer), None);
}
