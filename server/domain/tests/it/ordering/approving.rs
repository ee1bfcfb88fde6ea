//! Decisions: who may make them, who wins, and what follows.

use domain::Clock;
use entity::role_grant;
use model::{Kind, OrderState, Side, StepState, Verdict};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use testkit::{World, both_engines};

use super::scene::{Scene, faults, refused, words};

/// How often two requests are let loose on one order.
const RACES: usize = 12;

both_engines! {
    async fn an_owner_approves_and_the_work_begins(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        let state = world.domain().ordering().approve(&scene.owner, id, "Fine").await.unwrap();
        assert_eq!(state, OrderState::Executing);
        let detail = scene.detail(&scene.member, id).await;
        let step = detail.steps.iter().find(|step| step.state == StepState::Approved).unwrap();
        let [decision] = &step.decisions[..] else { panic!("{:?}", step.decisions) };
        assert_eq!(decision.verdict, Verdict::Approved);
        assert_eq!((step.side, &*decision.by, &*decision.comment), (Side::Buyer, &*scene.owner.name, "Fine"));
        assert_eq!(detail.waiting_for, "");
        assert!(detail.summary.resource_id.is_some());
        assert_eq!(world.pending_jobs().await.len(), 1);
        world.leaves_jobs();
    }

    async fn a_member_cannot_approve_and_a_stranger_finds_nothing(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        let ordering = world.domain().ordering();
        assert_eq!(refused(ordering.approve(&scene.member, id, "").await), Kind::Forbidden);
        let stranger = world.stranger().await;
        assert_eq!(refused(ordering.approve(&stranger, id, "").await), Kind::NotFound);
        assert_eq!(refused(ordering.reject(&stranger, id, "no").await), Kind::NotFound);
        assert_eq!(scene.state(id).await, OrderState::PendingBuyer);
    }

    async fn an_order_that_nobody_can_approve_any_more_says_so(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        let ends = async |person: &domain::Actor| {
            let over = Expr::value(Some(world.clock().now()));
            role_grant::Entity::update_many()
                .col_expr(role_grant::Column::ExpiresAt, over)
                .filter(role_grant::Column::UserId.eq(person.user_id))
                .exec(world.db())
                .await
                .unwrap();
        };
        ends(&scene.owner).await;
        let waiting = scene.detail(&scene.member, id).await.waiting_for;
        let text = format!("Waiting for {} since ", scene.manager.name);
        assert!(waiting.starts_with(&text), "a manager of the project still can: {waiting}");
        ends(&scene.manager).await;
        let waiting = scene.detail(&scene.member, id).await.waiting_for;
        let text = format!("but nobody in {} can give it now. Ask the staff of the portal to decide, or to name another owner.", scene.buyer.name);
        assert!(waiting.starts_with("Waiting for approval since ") && waiting.ends_with(&text), "{waiting}");
        let owner = world.person(model::Role::OrganizationOwner, model::Scope::Organization(scene.buyer.id)).await;
        let waiting = scene.detail(&scene.member, id).await.waiting_for;
        assert!(waiting.starts_with(&format!("Waiting for {} since ", owner.name)), "{waiting}");
    }

    async fn of_two_who_decide_at_once_one_wins_and_the_other_is_told(world: World) {
        let scene = Scene::of(&world).await;
        let deputy = world.person(model::Role::OrganizationOwner, model::Scope::Organization(scene.buyer.id)).await;
        let other_process = world.second_process();
        let (one, two) = (world.domain().ordering(), other_process.domain().ordering());
        // Several rounds: only once connections are open do the two really meet.
        for _ in 0..RACES {
            let id = scene.place(&scene.member).await;
            let (approved, rejected) =
                tokio::join!(one.approve(&scene.owner, id, "yes"), two.reject(&deputy, id, "too dear"));
            let (state, told) = match (approved, rejected) {
                (Ok(state), Err(told)) => (state, told),
                (Err(told), Ok(())) => (OrderState::Rejected, told),
                both => panic!("one must win: {both:?}"),
            };
            assert_eq!(scene.state(id).await, state);
            let problem = told.problem();
            assert_eq!(problem.kind, Kind::Conflict);
            assert!(problem.detail.contains(&state.label().to_lowercase()), "{}", problem.detail);
            let steps = scene.detail(&scene.owner, id).await.steps;
            assert_eq!(steps.iter().flat_map(|step| &step.decisions).count(), 1);
        }
        world.leaves_jobs();
    }

    async fn a_withdrawn_order_cannot_be_approved(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        let ordering = world.domain().ordering();
        ordering.cancel(&scene.member, id, "Changed my mind").await.unwrap();
        let answer = ordering.approve(&scene.owner, id, "").await;
        assert_eq!(words(answer), "This order is withdrawn, so it cannot be approved.");
        assert_eq!(refused(ordering.approve(&scene.owner, id, "").await), Kind::Conflict);
        assert_eq!(refused(ordering.cancel(&scene.member, id, "").await), Kind::Conflict, "once is enough");
    }

    async fn the_provider_is_asked_after_the_buyer_where_the_offering_wants_it(world: World) {
        let scene = Scene::of(&world).await;
        scene.ask_provider().await;
        let id = scene.place(&scene.member).await;
        let ordering = world.domain().ordering();
        let early = ordering.approve(&scene.provider.manager, id, "").await;
        assert!(words(early).contains("still waiting for the buyer's side"));
        assert_eq!(ordering.approve(&scene.owner, id, "").await.unwrap(), OrderState::PendingProvider);
        let again = ordering.approve(&scene.owner, id, "").await;
        assert!(words(again).contains("waiting for the provider"));
        let waiting = scene.detail(&scene.member, id).await.waiting_for;
        assert!(waiting.contains(&scene.provider.name), "{waiting}");
        let state = ordering.approve(&scene.provider.manager, id, "Welcome").await.unwrap();
        assert_eq!(state, OrderState::Executing);
        world.leaves_jobs();
    }

    async fn whoever_speaks_for_both_sides_is_asked_once(world: World) {
        let scene = Scene::of(&world).await;
        scene.ask_provider().await;
        let id = scene.place(&scene.member).await;
        let place = model::Scope::Provider(scene.provider.id);
        let both = world.grant(scene.owner.user_id, model::Role::ProviderManager, place).await;
        assert_eq!(world.domain().ordering().approve(&both, id, "").await.unwrap(), OrderState::Executing);
        let steps = scene.detail(&both, id).await.steps;
        let made: Vec<_> = steps.iter().map(|step| (step.side, step.state)).collect();
        assert_eq!(made, [(Side::Buyer, StepState::Approved), (Side::Provider, StepState::Skipped)]);
        world.leaves_jobs();
    }

    async fn an_exemption_at_placing_lasts_even_if_the_offering_changes_its_mind(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        scene.ask_provider().await;
        let state = world.domain().ordering().approve(&scene.owner, id, "").await.unwrap();
        assert_eq!(state, OrderState::Executing, "the buyer was told that nobody else is asked");
        world.leaves_jobs();
    }

    async fn a_project_manager_approves_up_to_the_limit_and_not_beyond(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let cheap = scene.place(&scene.member).await;
        let dear = scene.place(&scene.member).await;
        let mut row: entity::order::ActiveModel = scene.row(dear).await.into();
        row.commitment = Set("500.01".parse().unwrap());
        sea_orm::ActiveModelTrait::update(row, world.db()).await.unwrap();
        assert_eq!(ordering.approve(&scene.manager, cheap, "").await.unwrap(), OrderState::Executing);
        let answer = ordering.approve(&scene.manager, dear, "").await;
        assert_eq!(answer.as_ref().unwrap_err().kind(), Kind::Forbidden);
        assert!(words(answer).contains("An owner of the organization must decide"));
        world.leaves_jobs();
    }

    async fn a_refusal_needs_a_reason_and_ends_the_order(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        let ordering = world.domain().ordering();
        assert_eq!(faults(ordering.reject(&scene.owner, id, "  ").await), ["comment: required"]);
        ordering.reject(&scene.owner, id, "Use the cluster we have.").await.unwrap();
        let detail = scene.detail(&scene.member, id).await;
        assert_eq!(detail.summary.state, OrderState::Rejected);
        assert_eq!(detail.error, "Use the cluster we have.");
        assert!(!detail.can_cancel && !detail.can_retry);
        assert!(world.pending_jobs().await.is_empty());
    }

    async fn an_order_that_nobody_decides_expires_after_thirty_days(world: World) {
        let scene = Scene::of(&world).await;
        let old = scene.place(&scene.member).await;
        world.clock().advance(chrono::TimeDelta::days(20));
        let recent = scene.place(&scene.member).await;
        let ordering = world.domain().ordering();
        assert_eq!(world.operations().ordering().expire_due().await.unwrap(), 0);
        world.clock().advance(chrono::TimeDelta::days(10));
        assert_eq!(world.operations().ordering().expire_due().await.unwrap(), 1);
        assert_eq!(scene.state(old).await, OrderState::Expired);
        assert_eq!(scene.state(recent).await, OrderState::PendingBuyer);
        assert_eq!(refused(ordering.approve(&scene.owner, old, "").await), Kind::Conflict);
        assert_eq!(world.operations().ordering().expire_due().await.unwrap(), 0);
    }

    async fn nobody_approves_at_prices_that_hold_no_longer(world: World) {
        let scene = Scene::of(&world).await;
        let order = scene.place(&scene.member).await;
        let ordering = world.domain().ordering();
        world.clock().advance(chrono::TimeDelta::days(30));
        // The system has not looked yet.
        let said = words(ordering.approve(&scene.owner, order, "").await);
        assert!(said.contains("could be approved until 12 March 2026") && said.contains("Order it again"), "{said}");
        assert_eq!(scene.state(order).await, OrderState::PendingBuyer);
        ordering.reject(&scene.owner, order, "Too late.").await.unwrap();
    }

    async fn a_token_that_may_only_order_does_not_approve_for_its_owner(world: World) {
        let scene = Scene::of(&world).await;
        let mut token = scene.owner.clone();
        token.token_scopes = Some(vec![model::TokenScope::Read, model::TokenScope::Order]);
        let id = scene.place(&token).await;
        assert_eq!(scene.state(id).await, OrderState::PendingBuyer);
        assert_eq!(refused(world.domain().ordering().approve(&token, id, "").await), Kind::Forbidden);
    }
}
