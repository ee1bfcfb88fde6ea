//! Orders for a resource that is there: limits, plan, end.

use domain::Clock;
use model::{Fixed, Kind, LimitsDraft, OfferingState, OrderState, PlanDraft, ResourceState, Schema};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use testkit::{Offering, World, both_engines};

use super::scene::{Scene, faults, more_cpu, ready, refused, words};

/// A second plan of the offering, at twice the price.
pub(super) async fn dear_plan(scene: &Scene<'_>, offering: &Offering) -> model::PlanId {
    let price = model::PriceScheme::PerUnit {
        price: Fixed::from(20),
    };
    let plan = PlanDraft {
        name: "Dear".into(),
        description: String::new(),
        currency: model::Currency::Eur,
        billing_period: model::BillingPeriod::Month,
        proration: model::Proration::Day,
        charge_mode: model::ChargeMode::Arrears,
        setup_fee: Fixed::ZERO,
        price_changes: model::PriceChanges::default(),
        prices: vec![model::PriceDraft {
            component: "cpu".into(),
            scheme: price,
        }],
        valid_from: None,
    };
    let catalogue = scene.world.domain().catalogue();
    catalogue
        .save_plan(&scene.provider.manager, offering.id, None, plan)
        .await
        .unwrap()
}

both_engines! {
    async fn a_change_of_limits_closes_one_interval_and_opens_the_next_at_one_instant(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        world.clock().advance(chrono::TimeDelta::days(3));
        let quote = ordering.quote_change_limits(&scene.member, more_cpu(resource, 8)).await.unwrap();
        let id = ordering.place_change_limits(&scene.member, more_cpu(resource, 8), None).await.unwrap();
        let detail = scene.detail(&scene.member, id).await;
        assert_eq!(detail.quote.as_ref(), Some(&quote), "it costs what was said before");
        assert_eq!(detail.summary.state, OrderState::PendingBuyer, "a change is approved like an order");
        assert_eq!((detail.limits["cpu"], detail.limits_before["cpu"]), (Fixed::from(8), Fixed::ONE));
        assert_eq!(detail.summary.monthly_cost.to_string(), "€80.00");
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Ok, "it runs until the change begins");
        ordering.approve(&scene.owner, id, "").await.unwrap();
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Updating);
        let work = world.operations().ordering().work_of(id).await.unwrap().unwrap();
        assert_eq!((work.work.limits["cpu"], work.limits_before["cpu"]), (Fixed::from(8), Fixed::ONE));
        assert_eq!(work.work.backend_id.as_deref(), Some("backend-1"));
        scene.finish_jobs().await;

        let row = scene.resource_row(resource).await;
        assert_eq!((row.state, row.limits_held().unwrap()["cpu"]), (ResourceState::Ok, Fixed::from(8)));
        let intervals = scene.intervals(resource).await;
        assert_eq!(intervals.len(), 2);
        assert_eq!(intervals[0].ends_at, Some(intervals[1].starts_at));
        assert_eq!(intervals[1].starts_at, world.clock().now());
        assert_eq!(intervals[1].ends_at, None);
    }

    async fn two_changes_at_one_instant_leave_one_interval(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        for amount in [8, 9] {
            ordering.place_change_limits(&scene.owner, more_cpu(resource, amount), None).await.unwrap();
            scene.finish_jobs().await;
        }
        let intervals = scene.intervals(resource).await;
        assert_eq!(intervals.len(), 1, "no stretch without length");
        assert_eq!(intervals[0].limits_held().unwrap()["cpu"], Fixed::from(9));
    }

    async fn a_second_order_for_a_resource_is_refused_and_the_first_is_named(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        let first = ordering.place_change_limits(&scene.member, more_cpu(resource, 8), None).await.unwrap();
        for answer in [
            ordering.place_change_limits(&scene.member, more_cpu(resource, 9), None).await,
            ordering.place_terminate(&scene.owner, resource, "", None).await,
        ] {
            let problem = answer.unwrap_err().problem();
            assert_eq!((problem.kind, &*problem.code), (Kind::Conflict, "open_order"));
            assert!(problem.detail.contains(&first.to_string()), "{}", problem.detail);
        }
        ordering.cancel(&scene.member, first, "").await.unwrap();
        ordering.place_terminate(&scene.member, resource, "", None).await.unwrap();
    }

    async fn of_two_orders_placed_at_once_one_is_stored(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let other_process = world.second_process();
        let (one, two) = (world.domain().ordering(), other_process.domain().ordering());
        for _ in 0..12 {
            let (first, second) = tokio::join!(
                one.place_terminate(&scene.member, resource, "", None),
                two.place_terminate(&scene.member, resource, "", None),
            );
            let (stored, refusal) = match (first, second) {
                (Ok(id), Err(refusal)) | (Err(refusal), Ok(id)) => (id, refusal.problem()),
                both => panic!("one must be stored: {both:?}"),
            };
            assert_eq!(refusal.code, "open_order", "{}", refusal.detail);
            assert!(refusal.detail.contains(&stored.to_string()), "{}", refusal.detail);
            one.cancel(&scene.member, stored, "").await.unwrap();
        }
    }

    async fn a_failed_change_leaves_the_resource_running_as_before(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        let id = ordering.place_change_limits(&scene.owner, more_cpu(resource, 8), None).await.unwrap();
        world.operations().ordering().fail(id, "The cluster is full.").await.unwrap();
        let row = scene.resource_row(resource).await;
        assert_eq!((row.state, &*row.error), (ResourceState::Ok, "The cluster is full."));
        assert_eq!(row.limits_held().unwrap()["cpu"], Fixed::ONE);
        assert_eq!(scene.intervals(resource).await.len(), 1);
        scene.finish_jobs().await;

        let again = ordering.place_change_limits(&scene.owner, more_cpu(resource, 2), None).await;
        assert!(words(again).contains("Try it again or withdraw it first"));
        ordering.retry(&scene.owner, id).await.unwrap();
        world.operations().ordering().fail(id, "Still full.").await.unwrap();
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Ok);
        assert!(scene.detail(&scene.owner, id).await.can_cancel);
        ordering.cancel(&scene.owner, id, "We make do").await.unwrap();
        assert_eq!(scene.resource_row(resource).await.error, "");
        scene.finish_jobs().await;
        ordering.place_change_limits(&scene.owner, more_cpu(resource, 2), None).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.limits_held().unwrap()["cpu"], Fixed::from(2));
    }

    async fn limits_that_cannot_be_had_are_refused_by_name(world: World) {
        let scene = Scene::of(&world).await;
        let resource_id = scene.resource().await;
        let ordering = world.domain().ordering();
        let limits = [("cpu".to_owned(), Fixed::from(-2)), ("warp".to_owned(), Fixed::ONE)].into();
        let answer = ordering.place_change_limits(&scene.owner, LimitsDraft { resource_id, limits }, None).await;
        assert_eq!(faults(answer), ["limits.cpu: too_small", "limits.warp: unknown"]);
        let limits = [("cpu".to_owned(), Fixed::from(-2)), ("warp".to_owned(), Fixed::ONE)].into();
        let quoted = ordering.quote_change_limits(&scene.owner, LimitsDraft { resource_id, limits }).await;
        assert_eq!(faults(quoted), ["limits.cpu: too_small", "limits.warp: unknown"]);
        let terms = ordering.limits_terms(&scene.owner, resource_id).await.unwrap();
        assert_eq!((terms.limits["cpu"], terms.previous_limits["cpu"]), (Fixed::ONE, Fixed::ONE));
        let same = ordering.place_change_limits(&scene.owner, more_cpu(resource_id, 1), None).await;
        assert_eq!(faults(same), ["limits: unchanged"]);
        let nothing = LimitsDraft { resource_id, limits: [].into() };
        assert_eq!(faults(ordering.place_change_limits(&scene.owner, nothing, None).await), ["limits: unchanged"]);
    }

    async fn a_paused_offering_lets_people_shrink_and_leave_but_not_grow(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        ordering.place_change_limits(&scene.owner, more_cpu(resource, 8), None).await.unwrap();
        scene.finish_jobs().await;
        scene.set_offering(|row| row.state = Set(OfferingState::Archived)).await;
        let grow = ordering.place_change_limits(&scene.owner, more_cpu(resource, 9), None).await;
        assert_eq!(refused(grow), Kind::Conflict);
        ordering.place_change_limits(&scene.owner, more_cpu(resource, 4), None).await.unwrap();
        scene.finish_jobs().await;
        ordering.place_terminate(&scene.owner, resource, "", None).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Terminated);
    }

    async fn another_plan_begins_where_the_old_one_ends(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let dear = dear_plan(&scene, &scene.offering).await;
        let ordering = world.domain().ordering();
        world.clock().advance(chrono::TimeDelta::days(5));
        let id = ordering.place_switch_plan(&scene.owner, resource, dear, None).await.unwrap();
        assert_eq!(scene.detail(&scene.owner, id).await.summary.monthly_cost.to_string(), "€20.00");
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.plan_id, dear);
        let plans: Vec<_> = scene.intervals(resource).await.iter().map(|interval| interval.plan_id).collect();
        assert_eq!(plans, [scene.offering.plan, dear]);
        let same = ordering.place_switch_plan(&scene.owner, resource, dear, None).await;
        assert_eq!(faults(same), ["plan_id: unchanged"]);
        let foreign = world.offering(&scene.provider).await.plan;
        let answer = ordering.place_switch_plan(&scene.owner, resource, foreign, None).await;
        assert_eq!(faults(answer), ["plan_id: unknown"]);
    }

    async fn a_terminated_resource_is_billed_no_longer_and_takes_no_orders(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        world.clock().advance(chrono::TimeDelta::days(2));
        let id = ordering.place_terminate(&scene.member, resource, "The project is over", None).await.unwrap();
        let asked = scene.detail(&scene.member, id).await;
        let named = asked.limits.keys().map(|code| asked.components[code].name.as_str());
        assert_eq!(named.collect::<Vec<_>>(), ["CPU"]);
        ordering.approve(&scene.owner, id, "").await.unwrap();
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Terminating);
        scene.finish_jobs().await;
        let row = scene.resource_row(resource).await;
        assert_eq!((row.state, row.terminated_at), (ResourceState::Terminated, Some(world.clock().now())));
        assert_eq!(scene.intervals(resource).await[0].ends_at, row.terminated_at);
        let again = ordering.place_terminate(&scene.owner, resource, "", None).await;
        assert_eq!(refused(again), Kind::Conflict);
        let change = ordering.place_change_limits(&scene.owner, more_cpu(resource, 3), None).await;
        assert_eq!(refused(change), Kind::Conflict);
        assert_eq!(world.operations().provisioning().work_of(resource).await.unwrap(), None);
    }

    async fn a_failed_termination_leaves_the_resource_running_and_can_be_tried_again(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        let id = ordering.place_terminate(&scene.owner, resource, "", None).await.unwrap();
        world.operations().ordering().fail(id, "The backend does not answer.").await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Ok);
        assert_eq!(scene.intervals(resource).await[0].ends_at, None, "it is running");
        ordering.retry(&scene.owner, id).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Terminated);
    }

    async fn a_change_that_fails_on_a_resource_in_doubt_leaves_it_in_doubt(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        // As earlier versions left resources whose termination failed.
        let mut row = scene.resource_row(resource).await.into_active_model();
        row.state = Set(ResourceState::Erred);
        row.error = Set("No answer.".into());
        row.update(world.db()).await.unwrap();
        let change = ordering.place_change_limits(&scene.owner, more_cpu(resource, 8), None).await.unwrap();
        world.operations().ordering().fail(change, "No answer either.").await.unwrap();
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Erred);
        ordering.retry(&scene.owner, change).await.unwrap();
        world.operations().ordering().complete(change, ready("backend-1")).await.unwrap();
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Ok, "a success ends the doubt");
        scene.finish_jobs().await;
    }

    async fn what_was_never_created_can_only_be_terminated(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let creation = scene.place(&scene.owner).await;
        world.operations().ordering().fail(creation, "Refused.").await.unwrap();
        scene.finish_jobs().await;
        let resource = scene.row(creation).await.resource_id.unwrap();
        let change = ordering.place_change_limits(&scene.owner, more_cpu(resource, 8), None).await;
        assert!(words(change).contains("nothing to change"));
        let end = ordering.place_terminate(&scene.member, resource, "", None).await.unwrap();
        let retry = ordering.retry(&scene.owner, creation).await.unwrap_err().problem();
        assert_eq!(retry.code, "open_order", "the termination comes first");
        ordering.approve(&scene.owner, end, "").await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Terminated);
        assert!(scene.intervals(resource).await.is_empty());
        assert_eq!(refused(ordering.retry(&scene.owner, creation).await), Kind::Conflict);
        assert!(!scene.detail(&scene.owner, creation).await.can_retry);
    }

    async fn a_resource_of_somebody_else_is_not_found(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let other = world.buyer().await;
        let ordering = world.domain().ordering();
        let theirs = ordering.place_terminate(&other.owner, resource, "", None).await.unwrap_err().problem();
        let absent = model::ResourceId(uuid::Uuid::from_u128(5));
        let missing = ordering.place_terminate(&other.owner, absent, "", None).await.unwrap_err().problem();
        assert_eq!(theirs, missing);
        assert_eq!(theirs.kind, Kind::NotFound);
        let provider = ordering.place_terminate(&scene.provider.manager, resource, "", None).await;
        assert_eq!(refused(provider), Kind::Forbidden, "the provider sees it but is not the buyer");
    }

    async fn an_offering_without_limits_has_none_to_change(world: World) {
        let scene = Scene::of(&world).await;
        let offering = world
            .offering(&scene.provider)
            .selling(testkit::Sold::used("hours", "CPU-hour").at("0.02"))
            .asking(Schema::default())
            .await;
        let resource_id = world.order(&scene.owner, &scene.project, &offering).fulfilled().await;
        let draft = LimitsDraft { resource_id, limits: [].into() };
        let answer = world.domain().ordering().place_change_limits(&scene.owner, draft, None).await;
        assert!(words(answer).contains("no limits to change"));
    }
}
