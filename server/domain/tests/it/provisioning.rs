//! Resources as people see them, and as the collector finds them.

use domain::Clock;
use domain::provisioning::{ProvisioningError, ResourceFilter};
use entity::usage_day;
use model::{Fixed, Kind, PageRequest, ResourceState};
use sea_orm::{EntityTrait, Set};
use testkit::{World, both_engines};

use crate::ordering::scene::Scene;

both_engines! {
    async fn a_resource_shows_its_limits_their_use_and_its_history(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        for (day, quantity) in [("2026-01-31", 100), ("2026-02-01", 2), ("2026-02-10", 3)] {
            let row = usage_day::ActiveModel {
                resource_id: Set(resource),
                component: Set("cpu".into()),
                day: Set(day.parse().unwrap()),
                quantity: Set(Fixed::from(quantity)),
            };
            usage_day::Entity::insert(row).exec_without_returning(world.db()).await.unwrap();
        }
        let detail = world.domain().provisioning().resource(&scene.member, resource).await.unwrap();
        assert_eq!(detail.summary.state, ResourceState::Ok);
        assert_eq!(detail.summary.organization_name, scene.buyer.name);
        assert_eq!(detail.summary.provider_name, scene.provider.name);
        assert_eq!(detail.summary.category_name, "Compute");
        assert_eq!(detail.use_of_limits.len(), 1);
        let cpu = &detail.use_of_limits[0];
        assert_eq!((cpu.limit, cpu.used), (Some(Fixed::ONE), Fixed::from(5)), "of this month only");
        world.was_always_in_zone(scene.buyer.id, "Pacific/Honolulu").await;
        world.clock().set("2026-02-01T05:00:00Z");
        let there = world.domain().provisioning().resource(&scene.member, resource).await.unwrap();
        assert_eq!(there.use_of_limits[0].used, Fixed::from(105), "where the buyer is, it is January still");
        world.clock().set("2026-02-10T12:00:00Z");
        assert_eq!(detail.history.len(), 1);
        assert_eq!(detail.history[0].plan_name, "Standard");
        let story: Vec<_> = detail.timeline.iter().map(|entry| entry.verb.as_str()).collect();
        assert_eq!(story, ["resource.requested", "resource.activated"]);
        assert!(detail.can_change_limits && detail.can_terminate);
        assert_eq!(detail.why_not, "");
    }

    async fn backends_learn_who_works_in_a_project_and_not_who_looks(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let scope = model::Scope::Project(scene.project.id);
        world.person(model::Role::ProjectReader, scope).await;
        let newcomer = world.member(&scene.project).await;
        world.grant(newcomer.user_id, model::Role::ProjectAdmin, scope).await;
        let work = world.operations().provisioning().work_of(resource).await.unwrap().unwrap();
        let mut wanted = vec![scene.member.username.clone(), scene.manager.username.clone(), newcomer.username];
        wanted.sort();
        assert_eq!(work.members, wanted, "each once, though by two roles");
        scene.finish_jobs().await;
    }

    async fn what_cannot_be_ordered_now_says_why(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let provisioning = world.domain().provisioning();
        let seen = provisioning.resource(&scene.provider.manager, resource).await.unwrap();
        assert!(!seen.can_terminate && seen.why_not.is_empty(), "who sells it misses nothing: {}", seen.why_not);
        let reader = world.person(model::Role::ProjectReader, model::Scope::Project(scene.project.id)).await;
        let seen = provisioning.resource(&reader, resource).await.unwrap();
        assert!(!seen.can_terminate && seen.why_not.contains("Your role"), "{}", seen.why_not);
        let order = world.domain().ordering().place_terminate(&scene.member, resource, "", None).await.unwrap();
        let seen = provisioning.resource(&scene.member, resource).await.unwrap();
        assert_eq!(seen.open_order, Some(order));
        assert!(!seen.can_terminate && !seen.can_change_limits && seen.why_not.contains("is open"));
        world.domain().ordering().approve(&scene.owner, order, "").await.unwrap();
        scene.finish_jobs().await;
        let seen = provisioning.resource(&scene.member, resource).await.unwrap();
        assert_eq!((seen.open_order, seen.why_not.as_str()), (None, "This resource has ended."));
    }

    async fn resources_of_others_are_not_there(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let other = world.buyer().await;
        let provisioning = world.domain().provisioning();
        let refusal = provisioning.resource(&other.owner, resource).await.unwrap_err();
        assert!(matches!(refusal, ProvisioningError::NotFound));
        assert_eq!(refusal.kind(), Kind::NotFound);
        let seen = provisioning.resources(&other.owner, &ResourceFilter::default(), PageRequest::default()).await.unwrap();
        assert!(seen.items.is_empty());
    }

    async fn a_list_is_narrowed_by_place_state_and_name(world: World) {
        let scene = Scene::of(&world).await;
        for name in ["Climate_run", "climate run", "Хмара"] {
            world.order(&scene.owner, &scene.project, &scene.offering).named(name).fulfilled().await;
        }
        let provisioning = world.domain().provisioning();
        let names = async |filter: ResourceFilter| {
            let page = provisioning.resources(&scene.owner, &filter, PageRequest::default()).await.unwrap();
            page.items.into_iter().map(|resource| resource.name).collect::<Vec<_>>()
        };
        let all = ResourceFilter::default();
        assert_eq!(names(all.clone()).await, ["Хмара", "climate run", "Climate_run"], "newest first");
        assert_eq!(names(ResourceFilter { q: "CLIMATE".into(), ..all.clone() }).await.len(), 2);
        assert_eq!(names(ResourceFilter { q: "ХМАРА".into(), ..all.clone() }).await, ["Хмара"]);
        let literal = ResourceFilter { q: "e_r".into(), ..all.clone() };
        assert_eq!(names(literal).await, ["Climate_run"], "an underscore is itself");
        let ended = ResourceFilter { states: vec![ResourceState::Terminated], ..all.clone() };
        assert!(names(ended).await.is_empty());
        let sold = ResourceFilter { provider: Some(scene.provider.id), project: Some(scene.project.id), ..all };
        assert_eq!(names(sold).await.len(), 3);
    }

    async fn a_resource_is_metered_from_its_start_to_its_end(world: World) {
        let scene = Scene::of(&world).await;
        let provisioning = world.operations().provisioning();
        let waiting = scene.place(&scene.member).await;
        let offering = [scene.offering.id];
        let metered = async || provisioning.metered_offerings(&["fake"]).await.unwrap();
        let to_read = async |after| provisioning.usage_work(&offering, after).await.unwrap();
        assert!(metered().await.is_empty() && to_read(None).await.is_empty());
        world.domain().ordering().cancel(&scene.member, waiting, "").await.unwrap();

        let resource = scene.resource().await;
        let backends: Vec<_> = metered().await.into_iter().map(|one| (one.offering_id, one.backend.plugin)).collect();
        assert_eq!(backends, [(scene.offering.id, "fake".to_owned())]);
        let targets = to_read(None).await;
        assert_eq!(targets.len(), 1);
        assert!(to_read(Some(resource)).await.is_empty(), "after the last");
        assert!(provisioning.metered_offerings(&["manual"]).await.unwrap().is_empty(), "of other plugins");
        assert_eq!((targets[0].work.resource_id, targets[0].activated_at), (resource, world.clock().now()));
        assert_eq!(targets[0].usage_until, None);
        let read = world.clock().now() + chrono::TimeDelta::hours(1);
        provisioning.mark_collection_failed(&[resource], "No answer.").await.unwrap();
        assert_eq!(scene.resource_row(resource).await.usage_error, "No answer.");
        provisioning.mark_collected(&[resource], read).await.unwrap();
        provisioning.mark_collected(&[resource], read - chrono::TimeDelta::minutes(30)).await.unwrap();
        let row = scene.resource_row(resource).await;
        assert_eq!((row.usage_until, &*row.usage_error), (Some(read), ""), "a late reader does not turn time back");

        world.clock().advance(chrono::TimeDelta::hours(3));
        world.domain().ordering().place_terminate(&scene.owner, resource, "", None).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(to_read(None).await.len(), 1, "the last hours are still to be read");
        provisioning.mark_collected(&[resource], world.clock().now()).await.unwrap();
        assert!(to_read(None).await.is_empty());
    }
}
