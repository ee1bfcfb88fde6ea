//! Who decides for somebody who is away.

use domain::approvals::ApprovalError;
use domain::{Actor, Clock};
use model::{Approvers, Ask, DeputyDraft, OrderState, Role, RuleEffect, Scope};
use testkit::{World, both_engines};

use super::{always, asks, last, make};
use crate::notices::{notices, tell};
use crate::ordering::scene::Scene;
use crate::verify::findings;

fn days(email: &str, first: &str, last: &str) -> DeputyDraft {
    DeputyDraft {
        email: email.to_owned(),
        first_day: first.parse().unwrap(),
        last_day: last.parse().unwrap(),
    }
}

/// The person as they are now, with those for whom they stand in.
async fn again(world: &World, person: &Actor) -> Actor {
    world.actor(person.user_id).await
}

both_engines! {
    async fn a_deputy_decides_from_the_first_day_to_the_last(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let deputy = world.person(Role::OrganizationManager, place).await;
        let approvals = world.domain().approvals();
        approvals.name_deputy(&scene.owner, days(&deputy.email, "2026-02-12", "2026-02-13")).await.unwrap();
        let ordering = world.domain().ordering();
        let id = scene.place(&scene.member).await;
        for (at, decides) in [
            ("2026-02-11T23:59:59Z", false),
            ("2026-02-12T00:00:00Z", true),
            ("2026-02-13T23:59:59Z", true),
            ("2026-02-14T00:00:00Z", false),
        ] {
            world.clock().set(at);
            let now = again(&world, &deputy).await;
            assert_eq!(scene.detail(&now, id).await.summary.can_decide, decides, "{at}");
            assert_eq!(ordering.queue_count(&now).await.unwrap(), u64::from(decides), "{at}");
            assert_eq!(scene.detail(&scene.member, id).await.waiting_for.contains(&deputy.name), decides, "{at}");
        }
        world.clock().set("2026-02-13T12:00:00Z");
        let now = again(&world, &deputy).await;
        assert_eq!(ordering.approve(&now, id, "for you").await.unwrap(), OrderState::Executing);
        let decision = scene.detail(&scene.owner, id).await.steps[0].decisions[0].clone();
        assert_eq!((&decision.by, decision.stood_in_for.as_ref()), (&deputy.name, Some(&scene.owner.name)));
        assert!(decision.rule.contains("who is away"), "{}", decision.rule);
        let both = format!("{} for {}", deputy.name, scene.owner.name);
        assert!(scene.detail(&scene.owner, id).await.timeline.iter().any(|entry| entry.by == both), "{both}");
        assert_eq!(findings(&world).await, []);
        world.leaves_jobs();
    }

    async fn a_deputy_counts_once_and_never_for_an_own_order(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let second = world.person(Role::OrganizationOwner, place).await;
        let others = Ask { placer_counts: false, ..asks(2, Approvers::Usual) };
        make(&world, &scene.owner, place, always("Four eyes", last(others))).await;
        let approvals = world.domain().approvals();
        approvals.name_deputy(&scene.owner, days(&second.email, "2026-02-10", "2026-02-28")).await.unwrap();
        let now = again(&world, &second).await;
        let ordering = world.domain().ordering();
        let id = scene.place(&scene.member).await;
        ordering.approve(&now, id, "as myself").await.unwrap();
        assert!(!scene.detail(&now, id).await.summary.can_decide);
        ordering.approve(&now, id, "and for the other").await.unwrap_err();
        let own = scene.place(&now).await;
        ordering.approve(&now, own, "mine").await.unwrap_err();
        assert!(!scene.detail(&now, own).await.summary.can_decide);
        ordering.approve(&scene.owner, id, "").await.unwrap();
        world.leaves_jobs();
    }

    async fn a_deputy_decides_neither_on_an_own_order_nor_on_two_steps_at_once(world: World) {
        let scene = Scene::of(&world).await;
        let approvals = world.domain().approvals();
        approvals.name_deputy(&scene.owner, days(&scene.member.email, "2026-02-10", "2026-02-28")).await.unwrap();
        let member = again(&world, &scene.member).await;
        let ordering = world.domain().ordering();
        let own = scene.place(&member).await;
        assert!(!scene.detail(&member, own).await.summary.can_decide);
        assert!(!scene.detail(&scene.owner, own).await.waiting_for.contains(&member.name));
        let told = ordering.approve(&member, own, "mine").await.unwrap_err();
        assert!(matches!(told, domain::ordering::OrderingError::OwnOrder { .. }), "{told}");

        let place = Scope::Organization(scene.buyer.id);
        let named = |person: &Actor| RuleEffect::Ask(asks(1, Approvers::People(vec![person.user_id])));
        make(&world, &scene.owner, place, always("First", named(&scene.member))).await;
        make(&world, &scene.owner, place, always("Second", named(&scene.owner))).await;
        let id = scene.place(&scene.manager).await;
        assert_eq!(ordering.approve(&member, id, "").await.unwrap(), OrderState::PendingBuyer, "two were to agree");
        assert_eq!(ordering.approve(&member, id, "for the other").await.unwrap(), OrderState::Executing);
        let decided = scene.detail(&scene.owner, id).await.steps[1].decisions.clone();
        assert_eq!(decided[0].stood_in_for.as_deref(), Some(scene.owner.name.as_str()));
        world.leaves_jobs();
    }

    async fn deputies_of_deputies_and_in_a_circle_decide_for_nobody_else(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let [one, two] = [
            world.person(Role::OrganizationManager, place).await,
            world.person(Role::OrganizationManager, place).await,
        ];
        let approvals = world.domain().approvals();
        for (away, deputy) in [(&scene.owner, &one), (&one, &two), (&two, &scene.owner)] {
            approvals.name_deputy(away, days(&deputy.email, "2026-02-10", "2026-02-28")).await.unwrap();
        }
        let id = scene.place(&scene.member).await;
        for (person, decides) in [(&scene.owner, true), (&one, true), (&two, false)] {
            let now = again(&world, person).await;
            assert_eq!(scene.detail(&now, id).await.summary.can_decide, decides, "{}", person.name);
        }
    }

    async fn who_moves_to_another_time_zone_is_away_on_the_same_days(world: World) {
        let scene = Scene::of(&world).await;
        let approvals = world.domain().approvals();
        approvals.name_deputy(&scene.owner, days(&scene.member.email, "2026-02-12", "2026-02-12")).await.unwrap();
        world.domain().accounts().set_profile(&scene.owner, &scene.owner.name, "Asia/Tokyo").await.unwrap();
        for (at, decides) in [
            ("2026-02-11T14:59:59Z", false),
            ("2026-02-11T15:00:00Z", true),
            ("2026-02-12T14:59:59Z", true),
            ("2026-02-12T15:00:00Z", false),
        ] {
            world.clock().set(at);
            assert_eq!(!again(&world, &scene.member).await.stands_in_for.is_empty(), decides, "{at}");
        }
    }

    async fn whoever_decides_for_nobody_any_more_is_told(world: World) {
        let scene = Scene::of(&world).await;
        let approvals = world.domain().approvals();
        let until = |person: &Actor| days(&person.email, "2026-02-10", "2026-02-12");
        approvals.name_deputy(&scene.owner, until(&scene.member)).await.unwrap();
        approvals.name_deputy(&scene.owner, days(&scene.member.email, "2026-02-10", "2026-02-13")).await.unwrap();
        approvals.name_deputy(&scene.owner, until(&scene.manager)).await.unwrap();
        approvals.take_back_deputy(&scene.owner).await.unwrap();
        tell(&world).await;
        let mut told = Vec::new();
        for person in [&scene.member, &scene.manager] {
            let texts = notices(&world, person).await.into_iter().map(|one| one.text);
            let texts = texts.filter(|text| text.contains("decide on orders for"));
            told.push(texts.collect::<Vec<_>>());
        }
        let (name, end) = (&scene.owner.name, format!("You no longer decide on orders for {}", scene.owner.name));
        let begin = |last: &str| format!("You decide on orders for {name}, 10 February 2026 to {last} February 2026");
        assert_eq!(told, [vec![end.clone(), begin("13"), begin("12")], vec![end, begin("12")]]);
    }

    async fn what_somebody_may_on_the_installation_is_no_deputys(world: World) {
        let scene = Scene::of(&world).await;
        let (staff, support) = (world.staff().await, world.person(Role::Support, Scope::System).await);
        let until = days(&support.email, "2026-02-10", "2026-02-12");
        world.domain().approvals().name_deputy(&staff, until).await.unwrap();
        let deputy = again(&world, &support).await;
        assert_eq!(deputy.stands_in_for.len(), 1);
        let ordering = world.domain().ordering();
        let staffs = asks(1, Approvers::Roles(vec![Role::Staff]));
        let draft = model::ApprovalRuleDraft { side: Some(model::Side::Buyer), ..always("Staff", last(staffs)) };
        for asks_staff in [false, true] {
            if asks_staff {
                make(&world, &staff, Scope::System, draft.clone()).await;
            }
            let id = scene.place(&scene.member).await;
            assert!(!scene.detail(&deputy, id).await.summary.can_decide);
            assert!(!scene.detail(&staff, id).await.waiting_for.contains(&support.name));
            ordering.approve(&deputy, id, "").await.unwrap_err();
        }
    }

    async fn a_deputy_is_a_colleague_and_days_are_in_order(world: World) {
        let scene = Scene::of(&world).await;
        let approvals = world.domain().approvals();
        let stranger = world.stranger().await;
        for (draft, code) in [
            (days(&stranger.email, "2026-02-10", "2026-02-12"), "nobody_there"),
            (days("nobody@example.org", "2026-02-10", "2026-02-12"), "nobody_there"),
            (days(&scene.owner.email, "2026-02-10", "2026-02-12"), "nobody_there"),
            (days(&scene.member.email, "2026-02-12", "2026-02-11"), "out_of_order"),
            (days(&scene.member.email, "2026-02-01", "2026-02-09"), "over"),
            (days(&scene.member.email, "2026-02-10", "2027-02-11"), "out_of_range"),
            (days(&scene.member.email, "2027-02-12", "2027-02-13"), "out_of_range"),
            (days(&scene.member.email, "9999-12-30", "9999-12-31"), "out_of_range"),
            (days("a\u{0}@example.org", "2026-02-10", "2026-02-12"), "bad_character"),
        ] {
            let told = approvals.name_deputy(&scene.owner, draft.clone()).await.unwrap_err();
            let ApprovalError::Invalid(faults) = &told else { panic!("{told}") };
            assert!(faults.iter().any(|fault| fault.code == code), "{draft:?}: {faults:?}");
        }
        approvals.name_deputy(&scene.owner, days(&scene.member.email, "2026-02-10", "2026-02-12")).await.unwrap();
        let own = approvals.deputies(&scene.owner).await.unwrap().own.unwrap();
        assert_eq!((own.deputy.name, own.is_now), (scene.member.name.clone(), true));
        let now = again(&world, &scene.member).await;
        assert_eq!(approvals.deputies(&now).await.unwrap().stands_in_for[0].name, scene.owner.name);
        approvals.take_back_deputy(&scene.owner).await.unwrap();
        assert_eq!(approvals.deputies(&scene.owner).await.unwrap().own, None);
        assert!(again(&world, &scene.member).await.stands_in_for.is_empty());
        assert!(world.clock().now() < "2026-02-11T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    }
}
