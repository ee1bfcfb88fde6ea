//! The start of an approved order: what is not a price is looked at again, and a refusal says why.

use entity::{plan, project, resource};
use model::{ComponentDraft, Fixed, Kind, LimitsDraft, OfferingState, OrderState, ResourceId, Visibility};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use testkit::{Sold, World, both_engines};

use super::changing::dear_plan;
use super::scene::{Scene, faults, more_cpu, words};

fn limits(resource_id: ResourceId, limits: &[(&str, u32)]) -> LimitsDraft {
    let limits = limits
        .iter()
        .map(|(code, limit)| ((*code).to_owned(), Fixed::from(*limit)));
    LimitsDraft {
        resource_id,
        limits: limits.collect(),
    }
}

async fn archive_plan(scene: &Scene<'_>, archived: bool) {
    let row = plan::Entity::find_by_id(scene.offering.plan)
        .one(scene.world.db())
        .await;
    let mut row = row.unwrap().unwrap().into_active_model();
    row.archived = Set(archived);
    row.update(scene.world.db()).await.unwrap();
}

async fn end_project(scene: &Scene<'_>, last_day: Option<&str>) {
    let row = project::Entity::find_by_id(scene.project.id)
        .one(scene.world.db())
        .await;
    let mut row = row.unwrap().unwrap().into_active_model();
    row.end_date = Set(last_day.map(|day| day.parse().unwrap()));
    row.update(scene.world.db()).await.unwrap();
}

both_engines! {
    async fn an_order_of_a_plan_that_is_no_longer_sold_is_not_begun(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.member).await;
        archive_plan(&scene, true).await;
        let refused = words(world.domain().ordering().approve(&scene.owner, id, "").await);
        assert_eq!(refused, "The plan Standard is no longer sold.");
        assert_eq!(resource::Entity::find().count(world.db()).await.unwrap(), 0, "nothing was made");
    }

    async fn nobody_agrees_to_what_is_offered_no_longer_even_where_others_come_first(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let later = world.order(&scene.member, &scene.project, &scene.offering).starting("2026-03-01").await;
        scene.ask_provider().await;
        let asked = scene.place(&scene.member).await;
        archive_plan(&scene, true).await;
        for id in [later, asked] {
            let before = (scene.stored().await, scene.detail(&scene.owner, id).await);
            let refused = words(ordering.approve(&scene.owner, id, "").await);
            assert_eq!(refused, "The plan Standard is no longer sold.");
            assert_eq!((scene.stored().await, scene.detail(&scene.owner, id).await), before);
        }
        archive_plan(&scene, false).await;
        assert_eq!(ordering.approve(&scene.owner, later, "").await.unwrap(), OrderState::PendingStart);
        assert_eq!(ordering.approve(&scene.owner, asked, "").await.unwrap(), OrderState::PendingProvider);
        scene.set_offering(|row| row.state = Set(OfferingState::Archived)).await;
        let refused = words(ordering.approve(&scene.provider.manager, asked, "").await);
        assert!(refused.ends_with("is no longer offered."), "{refused}");
        ordering.reject(&scene.provider.manager, asked, "We have stopped.").await.unwrap();
    }

    async fn changes_too_are_looked_at_again_when_they_are_approved(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        let raise = ordering.place_change_limits(&scene.member, more_cpu(resource, 8), None).await.unwrap();
        scene.set_offering(|row| row.state = Set(OfferingState::Archived)).await;
        let refused = words(ordering.approve(&scene.owner, raise, "").await);
        assert!(refused.ends_with("is no longer offered."), "{refused}");
        scene.set_offering(|row| row.state = Set(OfferingState::Active)).await;
        ordering.approve(&scene.owner, raise, "").await.unwrap();
        scene.finish_jobs().await;
        let dear = dear_plan(&scene, &scene.offering).await;
        let switch = ordering.place_switch_plan(&scene.member, resource, dear, None).await.unwrap();
        let row = plan::Entity::find_by_id(dear).one(world.db()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.archived = Set(true);
        row.update(world.db()).await.unwrap();
        assert_eq!(words(ordering.approve(&scene.owner, switch, "").await), "The plan Dear is no longer sold.");
        assert_eq!(scene.resource_row(resource).await.plan_id, scene.offering.plan);
        ordering.reject(&scene.owner, switch, "too late").await.unwrap();
        let lower = ordering.place_change_limits(&scene.member, more_cpu(resource, 2), None).await.unwrap();
        scene.set_offering(|row| row.state = Set(OfferingState::Archived)).await;
        ordering.approve(&scene.owner, lower, "").await.unwrap();
        scene.finish_jobs().await;
    }

    async fn what_failed_is_looked_at_again_before_it_is_tried_again(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let id = world.order(&scene.owner, &scene.project, &scene.offering).ending("2026-03-20").await;
        world.operations().ordering().fail(id, "No nodes.").await.unwrap();
        scene.finish_jobs().await;
        let before = scene.stored().await;
        let refused = async || {
            let told = words(ordering.retry(&scene.owner, id).await);
            let again = world.operations().ordering().reopen(id).await;
            assert_eq!(words(again), told, "staff's job is told the same");
            assert_eq!((scene.state(id).await, scene.stored().await), (OrderState::Erred, before));
            assert_eq!(scene.row(id).await.error, "No nodes.");
            told
        };
        scene.set_offering(|row| row.state = Set(OfferingState::Archived)).await;
        assert!(refused().await.ends_with("is no longer offered."));
        scene.set_offering(|row| row.state = Set(OfferingState::Active)).await;
        scene.set_offering(|row| row.visibility = Set(Visibility::Private)).await;
        assert!(refused().await.contains("is no longer offered to"));
        scene.set_offering(|row| row.visibility = Set(Visibility::Shared)).await;
        archive_plan(&scene, true).await;
        assert_eq!(refused().await, "The plan Standard is no longer sold.");
        archive_plan(&scene, false).await;
        end_project(&scene, Some("2026-03-19")).await;
        assert!(refused().await.contains("ends on 19 March 2026 now"));
        end_project(&scene, Some("2026-02-09")).await;
        assert!(refused().await.ends_with("has ended. Extend it before you order."));
        end_project(&scene, None).await;
        world.clock().set("2026-03-21T09:00:00Z");
        assert!(refused().await.starts_with("The last day that was asked for, 20 March 2026, is over."));
        world.clock().set("2026-03-20T09:00:00Z");
        ordering.retry(&scene.owner, id).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.state(id).await, OrderState::Done);
    }

    async fn changes_that_failed_are_looked_at_again_and_ends_can_always_be_tried_again(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let (ordering, operations) = (world.domain().ordering(), world.operations());
        let failed = async |id| {
            operations.ordering().fail(id, "No answer.").await.unwrap();
            scene.finish_jobs().await;
        };
        let raise = ordering.place_change_limits(&scene.owner, more_cpu(resource, 8), None).await.unwrap();
        failed(raise).await;
        scene.set_offering(|row| row.state = Set(OfferingState::Archived)).await;
        assert!(words(ordering.retry(&scene.owner, raise).await).ends_with("is no longer offered."));
        ordering.cancel(&scene.owner, raise, "").await.unwrap();
        let end = ordering.place_terminate(&scene.owner, resource, "", None).await.unwrap();
        failed(end).await;
        end_project(&scene, Some("2026-02-09")).await;
        ordering.retry(&scene.owner, end).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.state(end).await, OrderState::Done);
    }

    async fn bounds_bind_only_what_is_chosen_anew(world: World) {
        let scene = Scene::of(&world).await;
        let sold = [Sold::reserved("cpu", "CPU").with(|terms| terms.max = Some(Fixed::from(10))),
            Sold::reserved("ram", "GiB")];
        let offering = sold.iter().cloned().fold(world.offering(&scene.provider), testkit::NewOffering::selling).await;
        let order = world.order(&scene.owner, &scene.project, &offering).limits([("cpu", "8")]);
        let resource = order.fulfilled().await;
        let catalogue = world.domain().catalogue();
        let seen = catalogue.offering(Some(&scene.provider.manager), &offering.slug).await.unwrap();
        let mut terms = seen.components[0].terms.clone();
        terms.max = Some(Fixed::from(4));
        let lower = ComponentDraft { terms, description: String::new(), article_code: String::new() };
        catalogue.save_component(&scene.provider.manager, offering.id, Some(seen.components[0].id), lower).await.unwrap();
        let ordering = world.domain().ordering();
        ordering.place_change_limits(&scene.owner, limits(resource, &[("ram", 5)]), None).await.unwrap();
        world.run_jobs().await;
        let refused = ordering.place_change_limits(&scene.owner, limits(resource, &[("cpu", 9)]), None).await;
        assert_eq!(faults(refused), ["limits.cpu: too_large"]);
        for nearer in [6, 4] {
            ordering.place_change_limits(&scene.owner, more_cpu(resource, nearer), None).await.unwrap();
            world.run_jobs().await;
        }
        let refused = ordering.place_change_limits(&scene.owner, more_cpu(resource, 5), None).await;
        assert_eq!(faults(refused), ["limits.cpu: too_large"], "it was within the bounds again");
    }

    async fn what_bills_beyond_a_component_is_fixed_once_it_is_sold(world: World) {
        let scene = Scene::of(&world).await;
        let sold = vec![Sold::reserved("disk", "TB").at("10"), Sold::used("extra", "TB").at("1")];
        let offering = sold.into_iter().fold(world.offering(&scene.provider), testkit::NewOffering::selling).await;
        world.order(&scene.owner, &scene.project, &offering).fulfilled().await;
        let catalogue = world.domain().catalogue();
        let seen = catalogue.offering(Some(&scene.provider.manager), &offering.slug).await.unwrap();
        let mut terms = seen.components[0].terms.clone();
        terms.overage_component = Some("extra".into());
        let later = ComponentDraft { terms, description: String::new(), article_code: String::new() };
        let answer = catalogue.save_component(&scene.provider.manager, offering.id, Some(seen.components[0].id), later).await;
        let problem = answer.unwrap_err().problem();
        assert_eq!(problem.kind, Kind::Conflict);
        assert!(problem.detail.contains("What bills the use beyond a component"), "{}", problem.detail);
    }
}
