use std::fmt::Write as _;

use model::{
    ApprovalRuleId, Ask, Currency, Fixed, Money, OfferingId, OrderKind, OrganizationId, ProjectId, Role,
    RuleConditions, RuleEffect, Scope, UserId,
};
use uuid::Uuid;

use super::*;
use crate::access::{Actor, Grant, Target};

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
        stands_in_for: Vec::new(),
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

fn wanted() -> Wanted {
    Wanted {
        kind: OrderKind::Create,
        offering: OFFERING,
        category: None,
    }
}

/// By which built-in rule nobody of a side is asked.
fn passes(facts: &Facts<'_>, side: Side) -> Option<String> {
    let plan = plan(facts, wanted(), &[]).unwrap();
    let steps: Vec<_> = plan.steps.into_iter().filter(|step| step.side == side).collect();
    let [step] = &steps[..] else {
        panic!("one step for each side: {steps:?}")
    };
    matches!(step.then, Then::Passes).then(|| step.rule.clone())
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
            let word = |side| passes(&facts, side).unwrap_or_else(|| "asked".into());
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
    assert!(passes(&facts, Side::Provider).is_some());
    assert_eq!(power(&facts, &Approvers::Usual, Side::Provider), None);
}

#[test]
fn the_limit_is_included_and_counts_only_in_its_own_currency() {
    let manager = actor(Some(Grant {
        role: Role::ProjectManager,
        scope: Scope::Project(PROJECT),
    }));
    let within = |commitment| {
        let facts = Facts {
            commitment,
            ..facts(&manager)
        };
        passes(&facts, Side::Buyer).is_some()
    };
    assert!(within(eur(500)));
    assert!(!within(eur(501)));
    assert!(!within(Money::from_fixed(Fixed::from(1_u32), Currency::Usd)));
    let unlimited = Facts {
        approval_limit: None,
        ..facts(&manager)
    };
    assert_eq!(
        passes(&unlimited, Side::Buyer),
        None,
        "a project without a limit leaves it to the organization"
    );
}

#[test]
fn nobody_passes_their_own_order_above_the_limit_by_a_role_of_the_project() {
    let by = |role: Role, scope: Scope, commitment: u32| {
        let actor = actor(Some(Grant { role, scope }));
        let facts = Facts {
            commitment: eur(commitment),
            ..facts(&actor)
        };
        let ask = Ask {
            who: Approvers::Roles(vec![Role::ProjectManager, Role::OrganizationManager]),
            is_last: true,
            ..Ask::usual()
        };
        let asked = Rule {
            id: Some(ApprovalRuleId(Uuid::from_u128(7))),
            side: Some(Side::Buyer),
            name: "Managers".into(),
            when: When::Conditions(RuleConditions::default()),
            then: RuleEffect::Ask(ask),
        };
        let plan = plan(&facts, wanted(), &[asked]).unwrap();
        match &plan.steps[0].then {
            Then::Passes => "passes",
            Then::Asks { placer_may: true, .. } => "asks, themselves too",
            Then::Asks { .. } => "asks others",
        }
    };
    let project = Scope::Project(PROJECT);
    assert_eq!(by(Role::ProjectManager, project, 500), "passes");
    assert_eq!(by(Role::ProjectManager, project, 501), "asks others");
    assert_eq!(
        by(Role::ProjectAdmin, project, 501),
        "asks, themselves too",
        "they do not hold it now"
    );
    assert_eq!(
        by(Role::OrganizationManager, Scope::Organization(BUYER), 501),
        "passes"
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
    assert_eq!(passes(&facts(&token), Side::Buyer), None);
}

/// Rules by name, each as it would be typed.
fn rule_sets() -> Vec<(&'static str, Vec<Rule>)> {
    let every = RuleConditions::default;
    let over = |amount| RuleConditions {
        commits_over: Some(eur(amount)),
        ..every()
    };
    let up_to = |amount| RuleConditions {
        commits_up_to: Some(eur(amount)),
        ..every()
    };
    let of_kind = |kind| RuleConditions {
        kinds: vec![kind],
        ..every()
    };
    let placed_by = |role| RuleConditions {
        placed_by: vec![role],
        ..every()
    };
    let usual = |count| Ask {
        count,
        ..Ask::usual()
    };
    let roles = |role| Ask {
        who: Approvers::Roles(vec![role]),
        ..Ask::usual()
    };
    let others = Ask {
        placer_counts: false,
        ..Ask::usual()
    };
    let last = |ask: Ask| RuleEffect::Ask(Ask { is_last: true, ..ask });
    let refuse = RuleEffect::Refuse {
        reason: "Buy it next year.".into(),
    };
    let grace = Ask {
        who: Approvers::People(vec![UserId(Uuid::from_u128(8))]),
        ..Ask::usual()
    };
    let buyer = |name: &str, when, then| rule(name, Side::Buyer, when, then);
    vec![
        ("none", vec![]),
        (
            "two for what is dear",
            vec![buyer("Dear", over(1000), last(usual(2)))],
        ),
        (
            "small things pass",
            vec![buyer("Small", up_to(50), RuleEffect::Skip)],
        ),
        (
            "somebody other than who orders",
            vec![buyer("Four eyes", every(), last(others))],
        ),
        (
            "the project's manager first",
            vec![buyer(
                "Manager first",
                every(),
                RuleEffect::Ask(roles(Role::ProjectManager)),
            )],
        ),
        (
            "what members order goes to an owner only",
            vec![buyer(
                "Owners",
                placed_by(Role::ProjectMember),
                last(roles(Role::OrganizationOwner)),
            )],
        ),
        (
            "the expert by name, for new things",
            vec![buyer(
                "Expert",
                of_kind(OrderKind::Create),
                RuleEffect::Ask(grace),
            )],
        ),
        (
            "nothing dear this year",
            vec![buyer("Not now", over(1000), refuse)],
        ),
        (
            "what passes first passes",
            vec![
                buyer("Small", up_to(50), RuleEffect::Skip),
                buyer("Four eyes", every(), last(usual(2))),
            ],
        ),
        (
            "the provider wants two",
            vec![rule("Both of us", Side::Provider, over(100), last(usual(2)))],
        ),
    ]
}

fn rule(name: &str, side: Side, when: RuleConditions, then: RuleEffect) -> Rule {
    Rule {
        id: Some(ApprovalRuleId(Uuid::from_u128(7))),
        side: Some(side),
        name: name.into(),
        when: When::Conditions(when),
        then,
    }
}

/// Ten sets of rules, three orders, two people who place them: what each order would wait for, and why.
#[test]
fn sixty_cases_of_rules_orders_and_people() {
    let member = actor(Some(Grant {
        role: Role::ProjectMember,
        scope: Scope::Project(PROJECT),
    }));
    let owner = actor(Some(Grant {
        role: Role::OrganizationOwner,
        scope: Scope::Organization(BUYER),
    }));
    let orders = [
        ("creates, commits to €40", OrderKind::Create, 40),
        ("creates, commits to €1500", OrderKind::Create, 1500),
        ("terminates, commits to €0", OrderKind::Terminate, 0),
    ];
    let (mut table, mut cases) = (String::new(), 0);
    for (set, rules) in rule_sets() {
        writeln!(table, "## {set}").unwrap();
        for (what, kind, commits) in orders {
            for (who, placer) in [("a member", &member), ("an owner", &owner)] {
                let facts = Facts {
                    commitment: eur(commits),
                    ..facts(placer)
                };
                let wanted = Wanted { kind, ..wanted() };
                writeln!(table, "{who} {what}").unwrap();
                match plan(&facts, wanted, &rules) {
                    Ok(plan) => plan.steps.iter().for_each(|step| {
                        writeln!(table, "    {}", line(step)).unwrap();
                    }),
                    Err(refused) => writeln!(table, "    refused: {}", refused.reason).unwrap(),
                }
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 60);
    insta::assert_snapshot!(table);
}

fn line(step: &Planned) -> String {
    let side = step.side.label().to_lowercase();
    match &step.then {
        Then::Passes => format!("{side} passes: {}", step.rule),
        Then::Asks {
            needed, placer_may, ..
        } => {
            let own = if *placer_may { "" } else { ", not who orders" };
            format!("{side} asks {needed}{own}: {}", step.rule)
        }
    }
}
