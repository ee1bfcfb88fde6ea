//! What placing stores, and for whom the order then waits.

use domain::Clock;
use domain::jobs::kinds::ProvisionOrder;
use domain::ordering::OrderFilter;
use model::{Field, FieldKind, OrderKind, OrderState, PageRequest, ResourceState, Schema, Side, StepState};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, refused};

both_engines! {
    async fn the_order_of_a_member_waits_for_an_owner(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        let detail = scene.detail(&scene.member, id).await;
        assert_eq!(detail.summary.state, OrderState::PendingBuyer);
        assert_eq!(detail.summary.resource_id, None, "nothing is made before it is approved");
        assert!(!detail.summary.can_decide);
        let expected = format!("Waiting for {} or {} since ", scene.owner.name, scene.manager.name);
        assert!(detail.waiting_for.starts_with(&expected), "{}", detail.waiting_for);
        assert!(detail.waiting_for.ends_with("since 10 February 2026, 09:00."), "{}", detail.waiting_for);
        assert!(world.pending_jobs().await.is_empty());
        assert!(scene.detail(&scene.owner, id).await.summary.can_decide);
    }

    async fn an_owner_orders_without_asking_and_the_work_begins_at_once(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        let detail = scene.detail(&scene.owner, id).await;
        assert_eq!(detail.summary.state, OrderState::Executing);
        let skipped: Vec<_> = detail.steps.iter().map(|step| (step.side, step.state)).collect();
        assert_eq!(skipped, [(Side::Buyer, StepState::Skipped), (Side::Provider, StepState::Skipped)]);
        assert!(detail.steps.iter().all(|step| step.decisions.is_empty()), "nobody has decided anything");
        let rule = format!("{} may approve orders of {}.", scene.owner.name, scene.buyer.name);
        assert_eq!(detail.steps[0].rule, rule);

        let jobs = world.pending_jobs().await;
        assert_eq!(jobs.len(), 1);
        let payload: ProvisionOrder = serde_json::from_value(jobs[0].payload.clone()).unwrap();
        assert_eq!((payload.order_id, Some(payload.resource_id)), (id, detail.summary.resource_id));
        assert_ne!(jobs[0].backend_key, "");
        let resource = scene.resource_row(detail.summary.resource_id.unwrap()).await;
        assert_eq!((resource.state, resource.order_id), (ResourceState::Creating, id));
        world.leaves_jobs();
    }

    async fn a_project_manager_needs_nobody_up_to_the_limit_of_the_project(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.manager).await;
        let detail = scene.detail(&scene.manager, id).await;
        assert_eq!(detail.summary.state, OrderState::Executing);
        assert!(detail.steps[0].rule.contains("commit to up to €500.00 in"), "{}", detail.steps[0].rule);
        world.leaves_jobs();
    }

    async fn namesakes_in_a_project_have_different_names_on_the_backend(world: World) {
        let scene = Scene::of(&world).await;
        let mut slugs = Vec::new();
        for _ in 0..3 {
            let id = world.order(&scene.owner, &scene.project, &scene.offering).named("Climate run").await;
            let row = scene.row(id).await;
            slugs.push(scene.resource_row(row.resource_id.unwrap()).await.slug);
        }
        assert_eq!(slugs[0], "climate-run");
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 3, "{slugs:?}");
        world.leaves_jobs();
    }

    async fn the_quote_is_frozen_with_the_price_versions_in_force(world: World) {
        let scene = Scene::of(&world).await;
        let draft = scene.draft();
        let shown = world.domain().ordering().quote(Some(&scene.member), &draft).await.unwrap();
        let id = world.domain().ordering().place_create(&scene.member, draft, None).await.unwrap();
        let detail = scene.detail(&scene.member, id).await;
        let frozen = detail.quote.unwrap();
        assert_eq!(frozen, shown, "what was shown is what is stored");
        assert!(frozen.full_month.lines.iter().all(|line| !line.price_version.is_empty()));
        assert_eq!(detail.summary.monthly_cost, frozen.full_month.totals.net);
        assert_eq!(detail.summary.first_invoice, frozen.first_invoice.totals.net);
    }

    async fn secret_answers_are_sealed_and_not_shown_with_the_order(world: World) {
        let scene = Scene::of(&world).await;
        let form = Schema::new(vec![
            Field::new("shell", "Shell", FieldKind::String { min_length: None, max_length: None }).required(),
            Field::new("token", "Token", FieldKind::Secret).required(),
        ]);
        let form = serde_json::to_value(form).unwrap();
        scene.set_offering(|row| row.request_form = sea_orm::Set(form)).await;
        let answers = json!({ "shell": "bash", "token": "very-secret-9" });
        let id = world.order(&scene.owner, &scene.project, &scene.offering).answers(answers.clone()).await;

        let row = scene.row(id).await;
        assert_eq!(row.attributes, json!({ "shell": "bash" }));
        let sealed = row.secrets.unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("very-secret-9"));
        let work = world.operations().ordering().work_of(id).await.unwrap().unwrap();
        assert_eq!(work.work.attributes, answers);
        assert!(!format!("{work:?}").contains("very-secret-9"));
        let shown = serde_json::to_string(&scene.detail(&scene.owner, id).await).unwrap();
        assert!(!shown.contains("very-secret-9"));
        world.leaves_jobs();
    }

    async fn the_work_names_everything_the_backend_needs(world: World) {
        let scene = Scene::of(&world).await;
        let id = world.order(&scene.owner, &scene.project, &scene.offering).limits([("cpu", "7")]).await;
        let work = world.operations().ordering().work_of(id).await.unwrap().unwrap();
        assert_eq!((work.order_id, work.kind), (id, OrderKind::Create));
        assert_eq!(work.work.limits["cpu"].to_string(), "7");
        assert_eq!(work.work.backend_id, None);
        let mut members = vec![scene.member.username.clone(), scene.manager.username.clone()];
        members.sort();
        assert_eq!(work.work.members, members);
        assert!(!work.work.organization_slug.is_empty() && !work.work.project_slug.is_empty());
        world.leaves_jobs();
    }

    async fn an_order_tells_what_happened_to_it(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        world.clock().advance(chrono::TimeDelta::hours(1));
        world.domain().ordering().approve(&scene.owner, id, "Go ahead").await.unwrap();
        let detail = scene.detail(&scene.member, id).await;
        let story: Vec<_> = detail.timeline.iter().map(|entry| (entry.verb.as_str(), entry.by.as_str())).collect();
        assert_eq!(story, [("order.placed", &*scene.member.name), ("order.approved", &*scene.owner.name)]);
        assert_eq!(detail.timeline[1].note, "Go ahead");
        assert_eq!(detail.timeline[1].at, world.clock().now());
        world.leaves_jobs();
    }

    async fn another_organization_may_be_told_nothing_of_an_order(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        let other = world.buyer().await;
        let answer = world.domain().ordering().order(&other.owner, id).await;
        assert_eq!(refused(answer), model::Kind::NotFound);
        let seen = world.domain().ordering().orders(&other.owner, &OrderFilter::default(), PageRequest::default()).await.unwrap();
        assert!(seen.items.is_empty());
        let seen = world.domain().ordering().orders(&scene.member, &OrderFilter::default(), PageRequest::default()).await.unwrap();
        assert_eq!(seen.items.iter().map(|order| order.id).collect::<Vec<_>>(), [id]);
    }

    async fn the_order_form_offers_the_projects_that_may_order(world: World) {
        let scene = Scene::of(&world).await;
        let over = world.project(&scene.buyer).ending("2026-02-28").await;
        world.clock().advance(chrono::TimeDelta::days(30));
        let theirs = world.project(&world.buyer().await).await;
        let ordering = world.domain().ordering();
        let places = async |actor: &domain::Actor| {
            let places = ordering.orderable_projects(actor, scene.offering.id).await.unwrap();
            places.into_iter().map(|place| place.project_id).collect::<Vec<_>>()
        };
        assert_eq!(places(&scene.owner).await, [scene.project.id], "not {} and not {}", over.name, theirs.name);
        assert_eq!(places(&scene.member).await, [scene.project.id]);
        assert!(places(&scene.provider.manager).await.is_empty());
        scene.set_offering(|row| row.visibility = sea_orm::Set(model::Visibility::Private)).await;
        assert_eq!(refused(ordering.orderable_projects(&scene.owner, scene.offering.id).await), model::Kind::NotFound);
    }
}
