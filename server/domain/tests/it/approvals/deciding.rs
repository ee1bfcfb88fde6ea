//! Who decides on which step, and what follows.

use std::fmt::Write as _;

use domain::Actor;
use domain::ordering::{OrderFilter, OrderingError};
use model::{
    Approvers, Ask, Kind, OrderState, PageRequest, Role, RuleConditions, RuleEffect, Scope, StepState,
};
use testkit::{World, both_engines};

use super::{always, asks, eur, last, make, states};
use crate::ordering::scene::Scene;
use crate::verify::findings;

async fn owner(world: &World, scene: &Scene<'_>) -> Actor {
    world
        .person(Role::OrganizationOwner, Scope::Organization(scene.buyer.id))
        .await
}

both_engines! {
    async fn two_must_agree_and_nobody_counts_twice(world: World) {
        let scene = Scene::of(&world).await;
        let second = owner(&world, &scene).await;
        let place = Scope::Organization(scene.buyer.id);
        make(&world, &scene.owner, place, always("Four eyes", last(asks(2, Approvers::Usual)))).await;
        let ordering = world.domain().ordering();
        let id = scene.place(&scene.member).await;
        let since = scene.row(id).await.expires_at;
        world.clock().advance(chrono::TimeDelta::days(1));
        assert_eq!(ordering.approve(&scene.owner, id, "one").await.unwrap(), OrderState::PendingBuyer);
        assert_eq!(scene.row(id).await.expires_at, since, "the same step waits as long as before");
        let again = ordering.approve(&scene.owner, id, "two").await.unwrap_err();
        assert!(matches!(again, OrderingError::DecidedAlready), "{again}");
        assert!(!scene.detail(&scene.owner, id).await.summary.can_decide);
        let waiting = scene.detail(&scene.member, id).await;
        assert!(waiting.waiting_for.starts_with("Waiting for "), "{}", waiting.waiting_for);
        assert!(!waiting.waiting_for.contains(&scene.owner.name), "{}", waiting.waiting_for);
        assert_eq!(ordering.approve(&second, id, "two").await.unwrap(), OrderState::Executing);
        let detail = scene.detail(&scene.member, id).await;
        let said: Vec<&str> = detail.steps[0].decisions.iter().map(|one| one.comment.as_str()).collect();
        assert_eq!((said, detail.steps[0].needed), (vec!["one", "two"], 2));
        assert_eq!(findings(&world).await, []);
        world.leaves_jobs();
    }

    async fn who_places_an_order_counts_only_where_the_rule_lets_them(world: World) {
        let scene = Scene::of(&world).await;
        let second = owner(&world, &scene).await;
        let place = Scope::Organization(scene.buyer.id);
        let rule = make(&world, &scene.owner, place, always("Four eyes", last(asks(2, Approvers::Usual)))).await;
        let ordering = world.domain().ordering();
        let id = scene.place(&scene.owner).await;
        let detail = scene.detail(&scene.owner, id).await;
        assert_eq!((detail.steps[0].needed, detail.summary.can_decide), (1, false), "one of the two is who ordered");
        assert_eq!(ordering.approve(&second, id, "").await.unwrap(), OrderState::Executing);

        let strict = Ask { placer_counts: false, ..asks(1, Approvers::Usual) };
        let draft = always("Somebody else", last(strict));
        world.domain().approvals().change(&scene.owner, rule.id, draft, rule.revision).await.unwrap();
        let id = scene.place(&scene.owner).await;
        let own = ordering.approve(&scene.owner, id, "").await.unwrap_err();
        assert!(matches!(own, OrderingError::OwnOrder { .. }), "{own}");
        assert_eq!(own.kind(), Kind::Forbidden);
        assert!(!scene.detail(&scene.owner, id).await.summary.can_decide);
        assert_eq!(ordering.approve(&second, id, "").await.unwrap(), OrderState::Executing);
        assert_eq!(findings(&world).await, []);
        world.leaves_jobs();
    }

    async fn staff_who_help_out_decide_on_one_step(world: World) {
        let scene = Scene::of(&world).await;
        scene.ask_provider().await;
        let ordering = world.domain().ordering();
        let staff = world.staff().await;
        let id = scene.place(&scene.member).await;
        assert_eq!(ordering.approve(&staff, id, "nobody was there").await.unwrap(), OrderState::PendingProvider);
        assert_eq!(states(&scene.detail(&staff, id).await), [StepState::Approved, StepState::Open]);
        world.leaves_jobs();
    }

    async fn no_provider_holds_up_the_end_of_a_resource(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let place = Scope::Provider(scene.provider.id);
        make(&world, &scene.provider.manager, place, always("Stay", last(asks(5, Approvers::Usual)))).await;
        let ordering = world.domain().ordering();
        let end = ordering.place_terminate(&scene.owner, resource, "it is over", None).await.unwrap();
        assert_eq!(scene.state(end).await, OrderState::Executing);
        world.leaves_jobs();
    }

    async fn rules_are_hidden_from_the_other_side(world: World) {
        let scene = Scene::of(&world).await;
        scene.ask_provider().await;
        let own = Scope::Provider(scene.provider.id);
        make(&world, &scene.provider.manager, own, always("Our secret", last(asks(1, Approvers::Usual)))).await;
        let id = scene.place(&scene.manager).await;
        let rules = async |actor: &Actor| {
            let steps = scene.detail(actor, id).await.steps;
            steps.into_iter().map(|step| step.rule).collect::<Vec<_>>()
        };
        let (seller, buyer) = (rules(&scene.provider.manager).await, rules(&scene.manager).await);
        assert!(buyer[0].contains("commit to up to") && buyer[1].ends_with("decides by its own rules."), "{buyer:?}");
        assert!(seller[0].ends_with("decides by its own rules.") && seller[1].contains("Our secret"), "{seller:?}");
        world.leaves_jobs();
    }

    async fn steps_are_asked_one_after_another_and_the_rest_is_dropped(world: World) {
        let scene = Scene::of(&world).await;
        scene.ask_provider().await;
        let place = Scope::Organization(scene.buyer.id);
        let managers = asks(1, Approvers::Roles(vec![Role::OrganizationManager]));
        make(&world, &scene.owner, place, always("The manager first", RuleEffect::Ask(managers))).await;
        let manager = world.person(Role::OrganizationManager, place).await;
        let ordering = world.domain().ordering();
        let id = scene.place(&scene.member).await;
        assert_eq!(states(&scene.detail(&scene.member, id).await), [StepState::Open, StepState::Later, StepState::Later]);
        let early = ordering.approve(&scene.owner, id, "").await.unwrap_err();
        assert!(matches!(early, OrderingError::NotAsked { .. }), "{early}");
        let early = ordering.approve(&scene.provider.manager, id, "").await.unwrap_err();
        assert!(matches!(early, OrderingError::NotYourDecision { .. }), "{early}");
        assert_eq!(ordering.approve(&manager, id, "").await.unwrap(), OrderState::PendingBuyer);
        assert_eq!(states(&scene.detail(&scene.member, id).await), [StepState::Approved, StepState::Open, StepState::Later]);
        assert_eq!(ordering.approve(&scene.owner, id, "").await.unwrap(), OrderState::PendingProvider);
        ordering.reject(&scene.provider.manager, id, "Full").await.unwrap();
        assert_eq!(states(&scene.detail(&scene.member, id).await), [StepState::Approved, StepState::Approved, StepState::Rejected]);
        let id = scene.place(&scene.member).await;
        ordering.cancel(&scene.member, id, "").await.unwrap();
        assert_eq!(states(&scene.detail(&scene.member, id).await), [StepState::Dropped, StepState::Dropped, StepState::Dropped]);
        assert_eq!(findings(&world).await, []);
    }

    async fn a_rule_that_refuses_takes_no_order(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let when = RuleConditions { commits_over: Some(eur(0)), ..RuleConditions::default() };
        let refuse = RuleEffect::Refuse { reason: "buy it next year".into() };
        let draft = model::ApprovalRuleDraft { when, ..always("No dear things", refuse) };
        make(&world, &scene.owner, place, draft).await;
        let before = scene.stored().await;
        let refused = world.domain().ordering().place_create(&scene.owner, scene.draft(), None).await.unwrap_err();
        let problem = refused.problem();
        assert_eq!((&*problem.code, &*problem.detail), ("refused_by_rule", "This order is not taken: Buy it next year."));
        assert_eq!(scene.stored().await, before);
    }

    async fn a_project_without_a_limit_lists_what_waits_in_it_for_its_own_people(world: World) {
        let scene = Scene::of(&world).await;
        let strict = world.project(&scene.buyer).await;
        let (member, manager) = (world.member(&strict).await, world.project_manager(&strict).await);
        let id = world.order(&member, &strict, &scene.offering).await;
        let ordering = world.domain().ordering();
        for person in [&member, &manager] {
            let listed = ordering.orders(person, &OrderFilter::default(), PageRequest::first(100)).await.unwrap();
            assert!(listed.items.iter().all(|order| order.id == id && !order.can_decide), "{}", person.name);
            assert!(!scene.detail(person, id).await.summary.can_decide);
        }
    }

    async fn what_ends_is_not_refused_and_waits_no_longer_than_sixty_days(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let place = Scope::Organization(scene.buyer.id);
        let three = [owner(&world, &scene).await, owner(&world, &scene).await, owner(&world, &scene).await];
        for person in &three {
            let named = asks(1, Approvers::People(vec![person.user_id]));
            make(&world, &scene.owner, place, always(&person.name, RuleEffect::Ask(named))).await;
        }
        let refuse = RuleEffect::Refuse { reason: "Nothing any more".into() };
        make(&world, &scene.owner, place, always("Nothing", refuse)).await;
        let ordering = world.domain().ordering();
        let id = ordering.place_terminate(&scene.member, resource, "done", None).await.unwrap();
        let placed = scene.row(id).await.created_at;
        let mut ends = vec![scene.row(id).await.expires_at.unwrap() - placed];
        for person in &three[..2] {
            world.clock().advance(chrono::TimeDelta::days(29));
            ordering.approve(person, id, "").await.unwrap();
            ends.push(scene.row(id).await.expires_at.unwrap() - placed);
        }
        assert_eq!(ends, [30, 59, 60].map(chrono::TimeDelta::days));
        assert_eq!(findings(&world).await, []);
    }

    async fn what_the_queue_shows_is_what_can_be_decided(world: World) {
        let scene = Scene::of(&world).await;
        let second = owner(&world, &scene).await;
        let accountant = world.person(Role::BillingReader, Scope::Organization(scene.buyer.id)).await;
        let staff = world.staff().await;
        let stranger = world.stranger().await;
        let people = [&scene.owner, &second, &scene.manager, &scene.member, &accountant, &scene.provider.manager, &staff, &stranger];
        let place = Scope::Organization(scene.buyer.id);
        let named = Approvers::People(vec![scene.manager.user_id, second.user_id]);
        let others = Ask { placer_counts: false, ..asks(1, Approvers::Roles(vec![Role::ProjectMember, Role::ProjectManager])) };
        let rules = [
            always("usual", last(asks(1, Approvers::Usual))),
            always("two", last(asks(2, Approvers::Usual))),
            always("roles", last(asks(1, Approvers::Roles(vec![Role::ProjectManager, Role::OrganizationOwner])))),
            always("others", last(others)),
            always("named", last(asks(1, named))),
            always("passes", RuleEffect::Skip),
        ];
        let ordering = world.domain().ordering();
        let mut table = String::new();
        for draft in rules {
            let (name, rule) = (draft.name.clone(), make(&world, &scene.owner, place, draft).await);
            for asking in [false, true] {
                let offering = world.offering(&scene.provider);
                let offering = if asking { offering.approved_by_provider().await } else { offering.await };
                let mut may = Vec::new();
                for person in people {
                    let id = world.order(&scene.member, &scene.project, &offering).await;
                    let all = ordering.orders(person, &OrderFilter::default(), PageRequest::first(100)).await.unwrap();
                    let listed = all.items.iter().any(|order| order.id == id && order.can_decide);
                    let queue = ordering.queue(person, PageRequest::first(100)).await.unwrap();
                    assert_eq!(queue.items.iter().any(|order| order.id == id), listed, "{name}: {}", person.name);
                    let done = ordering.approve(person, id, "").await;
                    assert_eq!(done.is_ok(), listed, "{name}, {}: {done:?}", person.name);
                    may.push(if listed { 'x' } else { '.' });
                }
                let line: String = may.iter().collect();
                writeln!(table, "{name:<8} {} {line}", if asking { "asks" } else { "    " }).unwrap();
            }
            world.domain().approvals().remove(&scene.owner, rule.id).await.unwrap();
        }
        insta::allow_duplicates! { insta::assert_snapshot!(table) };
        assert_eq!(findings(&world).await, []);
        world.leaves_jobs();
    }
}
