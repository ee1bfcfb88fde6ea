//! Making, changing, moving and removing rules, who may, and what is tried by them.

use domain::approvals::ApprovalError;
use entity::role_grant;
use model::{
    ApprovalRuleDraft, ApprovalTrial, Approvers, Ask, Kind, MOST_APPROVAL_RULES, OrderKind, PageRequest,
    Role, RuleConditions, RuleEffect, Scope, Side, UserId,
};
use testkit::{World, both_engines};

use super::{always, asks, eur, last, make};
use crate::ordering::scene::Scene;

fn codes(told: ApprovalError) -> Vec<String> {
    let ApprovalError::Invalid(faults) = told else {
        panic!("{told}")
    };
    faults
        .into_iter()
        .map(|fault| format!("{}: {}", fault.path, fault.code))
        .collect()
}

both_engines! {
    async fn rules_are_made_changed_moved_and_removed(world: World) {
        let scene = Scene::of(&world).await;
        let (approvals, place) = (world.domain().approvals(), Scope::Organization(scene.buyer.id));
        for name in ["one", "two", "three"] {
            make(&world, &scene.owner, place, always(name, RuleEffect::Skip)).await;
        }
        let names = async || -> Vec<String> {
            let rules = approvals.rules(&scene.owner, place).await.unwrap();
            let positions: Vec<u16> = rules.rules.iter().map(|rule| rule.position).collect();
            assert_eq!(positions, (1..=u16::try_from(positions.len()).unwrap()).collect::<Vec<_>>());
            rules.rules.into_iter().map(|rule| rule.name).collect()
        };
        let id = approvals.rules(&scene.owner, place).await.unwrap().rules[2].id;
        approvals.move_to(&scene.owner, id, 1).await.unwrap();
        assert_eq!(names().await, ["three", "one", "two"]);
        approvals.move_to(&scene.owner, id, 99).await.unwrap();
        assert_eq!(names().await, ["one", "two", "three"]);
        let revision = approvals.rule(&scene.owner, id).await.unwrap().revision;
        assert_eq!(revision, 3, "another place is another revision");
        let changed = approvals.change(&scene.owner, id, always("drei", RuleEffect::Skip), revision).await.unwrap();
        assert_eq!((&*changed.name, changed.revision), ("drei", 4));
        let late = approvals.change(&scene.owner, id, always("trois", RuleEffect::Skip), revision).await.unwrap_err();
        assert!(matches!(late, ApprovalError::ChangedMeanwhile), "{late}");
        let first = approvals.rules(&scene.owner, place).await.unwrap().rules[0].id;
        approvals.remove(&scene.owner, first).await.unwrap();
        assert_eq!(names().await, ["two", "drei"]);
        let log = world.domain().audit().list(&scene.owner, place, &PageRequest::first(3)).await.unwrap().items;
        let told: Vec<_> = log.iter().map(|one| (one.text.as_str(), one.subject_name.as_str())).collect();
        assert_eq!(told[..2], [("Approval rule removed", "one"), ("Approval rule saved", "drei")]);
        for more in 2..MOST_APPROVAL_RULES {
            make(&world, &scene.owner, place, always(&format!("r{more}"), RuleEffect::Skip)).await;
        }
        let full = approvals.create(&scene.owner, place, always("one more", RuleEffect::Skip)).await.unwrap_err();
        assert!(matches!(full, ApprovalError::TooMany), "{full}");
    }

    async fn only_who_manages_approval_changes_rules_and_who_sees_the_place_reads_them(world: World) {
        let scene = Scene::of(&world).await;
        let approvals = world.domain().approvals();
        let stranger = world.stranger().await;
        let staff = world.staff().await;
        let clerk = world.person(Role::OrganizationManager, Scope::Organization(scene.buyer.id)).await;
        let places = [
            (Scope::Organization(scene.buyer.id), &scene.owner, Some(&clerk)),
            (Scope::Project(scene.project.id), &scene.owner, Some(&scene.member)),
            (Scope::Provider(scene.provider.id), &scene.provider.manager, None),
            (Scope::System, &staff, None),
        ];
        for (place, manager, reader) in places {
            let draft = ApprovalRuleDraft { side: (place == Scope::System).then_some(Side::Buyer), ..always("ask", RuleEffect::Ask(Ask::usual())) };
            let rule = make(&world, manager, place, draft.clone()).await;
            assert!(approvals.rules(manager, place).await.unwrap().can_change);
            for person in [Some(&stranger), reader].into_iter().flatten() {
                let told = approvals.create(person, place, draft.clone()).await.unwrap_err();
                assert!(matches!(told.kind(), Kind::Forbidden | Kind::NotFound), "{told}");
                approvals.change(person, rule.id, draft.clone(), 1).await.unwrap_err();
                approvals.move_to(person, rule.id, 1).await.unwrap_err();
                approvals.remove(person, rule.id).await.unwrap_err();
                approvals.choices(person, place, None).await.unwrap_err();
            }
            let told = approvals.rules(&stranger, place).await.unwrap_err();
            assert!(matches!(told.kind(), Kind::NotFound | Kind::Forbidden), "{told}");
            if let Some(reader) = reader {
                assert!(!approvals.rules(reader, place).await.unwrap().can_change);
                assert_eq!(approvals.rule(reader, rule.id).await.unwrap().name, "ask");
            }
        }
    }

    async fn what_cannot_be_a_rule_is_said(world: World) {
        let scene = Scene::of(&world).await;
        let approvals = world.domain().approvals();
        let (organization, project) = (Scope::Organization(scene.buyer.id), Scope::Project(scene.project.id));
        let stranger = world.stranger().await;
        let accountant = world.person(Role::BillingReader, organization).await;
        let ask = |ask: Ask| RuleEffect::Ask(ask);
        let cases: Vec<(Scope, ApprovalRuleDraft, &str)> = vec![
            (organization, always("", RuleEffect::Skip), "name: required"),
            (project, always("x", RuleEffect::Skip), "then.action: project_asks_more"),
            (organization, ApprovalRuleDraft { side: Some(Side::Provider), ..always("x", RuleEffect::Skip) }, "side: wrong_side"),
            (organization, always("x", RuleEffect::Refuse { reason: String::new() }), "then.reason: required"),
            (organization, always("x", ask(asks(0, Approvers::Usual))), "then.count: out_of_range"),
            (organization, always("x", ask(asks(6, Approvers::Usual))), "then.count: out_of_range"),
            (organization, always("x", ask(Ask { due_days: 31, ..Ask::usual() })), "then.due_days: out_of_range"),
            (organization, always("x", ask(Ask { remind_days: Some(0), ..Ask::usual() })), "then.remind_days: out_of_range"),
            (organization, always("x", ask(asks(1, Approvers::Roles(vec![])))), "then.who: required"),
            (organization, always("x", ask(asks(1, Approvers::Roles(vec![Role::ProviderManager])))), "then.who: role_does_not_fit"),
            (organization, always("x", ask(asks(1, Approvers::Roles(vec![Role::BillingReader])))), "then.who: role_does_not_fit"),
            (organization, always("x", ask(asks(2, Approvers::People(vec![scene.member.user_id])))), "then.who: too_few"),
            (organization, always("x", ask(asks(1, Approvers::People(vec![stranger.user_id])))), "then.who: nobody_there"),
            (organization, always("x", ask(asks(1, Approvers::People(vec![accountant.user_id])))), "then.who: nobody_there"),
            (organization, always("x", ask(Ask { due_days: 7, remind_days: Some(7), ..Ask::usual() })), "then.remind_days: too_late"),
            (project, always("x", last(Ask::usual())), "then.is_last: project_asks_more"),
            (Scope::Offering(scene.offering.id), always("x", RuleEffect::Skip), "scope: no_rules_there"),
            (
                organization,
                // More than any database takes at once.
                always("x", ask(asks(1, Approvers::People((1..50_000).map(|id| UserId(uuid::Uuid::from_u128(id))).collect())))),
                "then.who: too_many",
            ),
            (
                organization,
                ApprovalRuleDraft {
                    when: RuleConditions { kinds: vec![OrderKind::Terminate], ..RuleConditions::default() },
                    ..always("x", RuleEffect::Refuse { reason: "no".into() })
                },
                "when.kinds: never_fits",
            ),
            (
                organization,
                ApprovalRuleDraft {
                    when: RuleConditions { placed_by: vec![Role::ProviderManager], ..RuleConditions::default() },
                    ..always("x", RuleEffect::Skip)
                },
                "when.placed_by: role_does_not_fit",
            ),
            (
                organization,
                ApprovalRuleDraft {
                    when: RuleConditions { commits_over: Some(eur(10)), commits_up_to: Some(eur(10)), ..RuleConditions::default() },
                    ..always("x", RuleEffect::Skip)
                },
                "when.commits_up_to: out_of_range",
            ),
            (
                organization,
                ApprovalRuleDraft {
                    when: RuleConditions { offerings: vec![model::OfferingId(scene.buyer.id.0)], ..RuleConditions::default() },
                    ..always("x", RuleEffect::Skip)
                },
                "when.offerings: not_found",
            ),
        ];
        for (place, draft, expected) in cases {
            let told = codes(approvals.create(&scene.owner, place, draft).await.unwrap_err());
            assert!(told.contains(&expected.to_owned()), "{expected}: {told:?}");
        }
        let staff = world.staff().await;
        let told = codes(approvals.create(&staff, Scope::System, always("x", RuleEffect::Skip)).await.unwrap_err());
        assert_eq!(told, ["side: required"]);
    }

    async fn a_rule_whose_names_are_gone_can_be_changed_and_keeps_them(world: World) {
        let scene = Scene::of(&world).await;
        let (approvals, place) = (world.domain().approvals(), Scope::Organization(scene.buyer.id));
        let when = RuleConditions { offerings: vec![scene.offering.id], ..RuleConditions::default() };
        let named = asks(1, Approvers::People(vec![scene.member.user_id]));
        let draft = ApprovalRuleDraft { when, ..always("expert", RuleEffect::Ask(named)) };
        let rule = make(&world, &scene.owner, place, draft.clone()).await;
        world.domain().catalogue().archive(&scene.provider.manager, scene.offering.id).await.unwrap();
        let theirs = role_grant::Entity::find_of_user(scene.member.user_id, domain::Clock::now(world.clock()));
        let theirs = theirs.one(world.db()).await.unwrap().unwrap();
        world.domain().access().revoke(&scene.owner, theirs.id, "").await.unwrap();
        approvals.create(&scene.owner, place, draft.clone()).await.unwrap_err();
        let off = ApprovalRuleDraft { is_active: false, ..draft };
        let changed = approvals.change(&scene.owner, rule.id, off, rule.revision).await.unwrap();
        assert!(!changed.is_active && changed.when.offerings == [scene.offering.id]);
        let choices = approvals.choices(&scene.owner, place, Some(&changed)).await.unwrap();
        assert!(choices.offerings.iter().any(|(id, _)| *id == scene.offering.id), "else its form would drop it");
        let choices = approvals.choices(&scene.owner, place, None).await.unwrap();
        assert!(choices.offerings.iter().all(|(id, _)| *id != scene.offering.id));
    }

    async fn a_forecast_is_what_then_happens(world: World) {
        let scene = Scene::of(&world).await;
        scene.ask_provider().await;
        let place = Scope::Organization(scene.buyer.id);
        let approvals = world.domain().approvals();
        let gone = asks(1, Approvers::Roles(vec![Role::OrganizationManager]));
        let named = asks(1, Approvers::People(vec![scene.owner.user_id]));
        let rules = [
            always("usual", RuleEffect::Ask(asks(2, Approvers::Usual))),
            always("gone", last(gone)),
            always("named", RuleEffect::Ask(named)),
            always("passes", RuleEffect::Skip),
        ];
        let ordering = world.domain().ordering();
        for draft in rules {
            let (name, rule) = (draft.name.clone(), make(&world, &scene.owner, place, draft).await);
            for placer in [&scene.member, &scene.manager, &scene.owner] {
                let id = scene.place(placer).await;
                let order = scene.detail(&scene.owner, id).await;
                let trial = ApprovalTrial {
                    project_id: Some(scene.project.id),
                    offering_id: scene.offering.id,
                    kind: OrderKind::Create,
                    commitment: order.summary.commitment,
                    placed_by: Some(placer.email.clone()),
                };
                let forecast = ordering.forecast(&scene.owner, trial).await.unwrap();
                let own = |side: Side, rule: &str| (side == Side::Buyer).then(|| rule.to_owned());
                let told: Vec<_> = forecast.steps.iter().map(|step| (step.side, own(step.side, &step.rule))).collect();
                let made: Vec<_> = order.steps.iter().map(|step| (step.side, own(step.side, &step.rule))).collect();
                assert_eq!(told, made, "{name}, {}", placer.name);
                let theirs = forecast.steps.last().unwrap();
                assert_eq!((theirs.is_asked, theirs.needed, theirs.can_decide), (true, 0, 0), "the provider's rules are its own");
                assert!(theirs.rule.ends_with("decides by its own rules."), "{}", theirs.rule);
                let first = order.steps.iter().position(|step| step.since.is_some());
                if let Some(first) = first.filter(|first| order.steps[*first].side == Side::Buyer) {
                    assert_eq!(forecast.steps[first].people, order.steps[first].people, "{name}, {}", placer.name);
                }
                assert!(forecast.read.iter().all(|one| one.side == Side::Buyer), "the provider's rules are its own");
            }
            approvals.remove(&scene.owner, rule.id).await.unwrap();
        }
        let trial = ApprovalTrial {
            project_id: None,
            offering_id: scene.offering.id,
            kind: OrderKind::Create,
            commitment: eur(5),
            placed_by: None,
        };
        let forecast = ordering.forecast(&scene.provider.manager, trial.clone()).await.unwrap();
        assert_eq!((forecast.steps.len(), forecast.steps[0].side), (1, Side::Provider));
        assert!(forecast.steps[0].is_asked && forecast.steps[0].people == [scene.provider.manager.name.clone()], "{forecast:?}");
        assert_eq!(ordering.forecast(&scene.owner, trial.clone()).await.unwrap_err().kind(), Kind::NotFound);
        let of_buyer = ApprovalTrial { project_id: Some(scene.project.id), ..trial };
        ordering.forecast(&scene.provider.manager, of_buyer.clone()).await.unwrap_err();
        ordering.forecast(&scene.member, of_buyer.clone()).await.unwrap_err();
        ordering.forecast(&scene.owner, of_buyer).await.unwrap_err();
        world.leaves_jobs();
    }
}
