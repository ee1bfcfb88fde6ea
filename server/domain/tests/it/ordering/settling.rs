//! How executing orders end, and what becomes of their resources.

use domain::Clock;
use domain::ordering::Completion;
use model::{Kind, OrderState, Progress, ResourceState};
use testkit::{World, both_engines};

use super::scene::{Scene, ready, refused, words};

both_engines! {
    async fn a_finished_creation_makes_the_resource_usable_and_billable(world: World) {
        let scene = Scene::of(&world).await;
        let id = world.order(&scene.owner, &scene.project, &scene.offering).limits([("cpu", "4")]).await;
        world.clock().advance(chrono::TimeDelta::minutes(5));
        scene.complete(id, "account-7").await;
        let order = scene.row(id).await;
        assert_eq!(order.state, OrderState::Done);
        assert_eq!(order.finished_at, Some(world.clock().now()));
        let resource = scene.resource_row(order.resource_id.unwrap()).await;
        assert_eq!((resource.state, &*resource.backend_id), (ResourceState::Ok, "account-7"));
        assert_eq!(resource.activated_at, Some(world.clock().now()));
        assert_eq!(resource.access_details().unwrap()[0].value, "account-7");
        let intervals = scene.intervals(resource.id).await;
        assert_eq!(intervals.len(), 1);
        assert_eq!((intervals[0].starts_at, intervals[0].ends_at), (world.clock().now(), None));
        assert_eq!(intervals[0].limits_held().unwrap()["cpu"].to_string(), "4");
        assert_eq!(world.operations().ordering().work_of(id).await.unwrap(), None, "nothing is left to do");
        scene.finish_jobs().await;
    }

    async fn completing_twice_is_completing_once(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        scene.complete(id, "first").await;
        let before = (scene.row(id).await, scene.stored().await);
        world.clock().advance(chrono::TimeDelta::minutes(1));
        scene.complete(id, "second").await;
        assert_eq!((scene.row(id).await, scene.stored().await), before);
        let resource = scene.resource_row(before.0.resource_id.unwrap()).await;
        assert_eq!(resource.backend_id, "first");
        assert_eq!(scene.intervals(resource.id).await.len(), 1);
        scene.finish_jobs().await;
    }

    async fn two_workers_that_complete_at_once_make_one_interval(world: World) {
        let scene = Scene::of(&world).await;
        let other_process = world.second_process();
        let (one, two) = (world.operations().ordering(), other_process.ordering());
        for _ in 0..12 {
            let id = scene.place(&scene.owner).await;
            let (first, second) = tokio::join!(one.complete(id, ready("b")), two.complete(id, ready("b")));
            first.and(second).unwrap();
            let resource = scene.row(id).await.resource_id.unwrap();
            assert_eq!(scene.intervals(resource).await.len(), 1);
            let story = scene.detail(&scene.owner, id).await.timeline;
            assert_eq!(story.iter().filter(|entry| entry.verb == "order.completed").count(), 1);
        }
        scene.finish_jobs().await;
    }

    async fn a_failed_creation_can_be_tried_again(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        let ordering = world.domain().ordering();
        world.operations().ordering().fail(id, "No nodes are left.").await.unwrap();
        world.operations().ordering().fail(id, "Told twice.").await.unwrap();
        let detail = scene.detail(&scene.owner, id).await;
        assert_eq!((detail.summary.state, &*detail.error), (OrderState::Erred, "No nodes are left."));
        assert!(detail.can_retry && !detail.can_cancel);
        let resource = detail.summary.resource_id.unwrap();
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Erred);
        assert!(scene.intervals(resource).await.is_empty(), "what never ran is not billed");
        scene.finish_jobs().await;
        assert!(words(ordering.cancel(&scene.owner, id, "").await).contains("terminate the resource"));

        ordering.retry(&scene.owner, id).await.unwrap();
        assert_eq!(scene.state(id).await, OrderState::Executing);
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Creating);
        assert_eq!(world.pending_jobs().await.len(), 1);
        scene.finish_jobs().await;
        let detail = scene.detail(&scene.owner, id).await;
        assert_eq!((detail.summary.state, &*detail.error), (OrderState::Done, ""));
        assert_eq!(detail.summary.resource_id, Some(resource), "the same resource");
        assert_eq!(scene.resource_row(resource).await.error, "");
    }

    async fn only_those_who_placed_or_fulfil_an_order_try_it_again(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.manager).await;
        let ordering = world.domain().ordering();
        world.operations().ordering().fail(id, "Down.").await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(refused(ordering.retry(&scene.member, id).await), Kind::Forbidden);
        assert_eq!(refused(ordering.retry(&world.stranger().await, id).await), Kind::NotFound);
        ordering.retry(&scene.provider.manager, id).await.unwrap();
        assert_eq!(refused(ordering.retry(&scene.manager, id).await), Kind::Conflict);
        scene.finish_jobs().await;
    }

    async fn a_job_that_staff_tries_again_reopens_its_failed_order(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        let ordering = world.operations().ordering();
        ordering.reopen(id).await.unwrap();
        assert_eq!(scene.state(id).await, OrderState::Executing, "an order that did not fail stays as it is");
        ordering.fail(id, "Down.").await.unwrap();
        assert_eq!(ordering.work_of(id).await.unwrap(), None);
        ordering.reopen(id).await.unwrap();
        assert!(ordering.work_of(id).await.unwrap().is_some());
        assert_eq!(world.pending_jobs().await.len(), 1, "the job was there already");
        scene.finish_jobs().await;
        assert_eq!(scene.state(id).await, OrderState::Done);
        ordering.reopen(id).await.unwrap();
        assert_eq!(scene.state(id).await, OrderState::Done);
    }

    async fn an_order_that_waits_or_ended_cannot_be_completed(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let waiting = scene.place(&scene.member).await;
        assert_eq!(refused(world.operations().ordering().complete(waiting, ready("b")).await), Kind::Conflict);
        ordering.cancel(&scene.member, waiting, "").await.unwrap();
        assert_eq!(refused(world.operations().ordering().complete(waiting, ready("b")).await), Kind::Conflict);
        assert_eq!(refused(world.operations().ordering().fail(waiting, "x").await), Kind::Conflict);
        let done = scene.place(&scene.owner).await;
        scene.complete(done, "b").await;
        assert_eq!(refused(world.operations().ordering().fail(done, "too late").await), Kind::Conflict);
        scene.finish_jobs().await;
    }

    async fn an_answer_that_does_not_fit_the_order_changes_nothing(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        let before = (scene.row(id).await, scene.stored().await);
        assert_eq!(refused(world.operations().ordering().complete(id, Completion::Gone).await), Kind::Conflict);
        assert_eq!((scene.row(id).await, scene.stored().await), before);
        scene.finish_jobs().await;
    }

    async fn progress_is_seen_while_the_work_lasts_and_not_after(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        let ordering = world.domain().ordering();
        let progress = Progress { done: 2, total: 4, message: "Adding members".into() };
        world.operations().ordering().progress(id, progress.clone()).await.unwrap();
        let seen = ordering.progress_of(&scene.member, id).await.unwrap();
        assert_eq!((seen.state, seen.progress), (OrderState::Executing, progress.clone()));
        let resource = seen.resource_id.unwrap();
        assert_eq!(scene.resource_row(resource).await.progress_made().unwrap(), progress);
        assert_eq!(refused(ordering.progress_of(&world.stranger().await, id).await), Kind::NotFound);
        scene.complete(id, "b").await;
        world.operations().ordering().progress(id, Progress { done: 3, total: 4, message: "A straggler".into() }).await.unwrap();
        assert_eq!(ordering.progress_of(&scene.member, id).await.unwrap().progress, progress, "left as it was");
        assert_eq!(scene.resource_row(resource).await.progress_made().unwrap(), Progress::default());
        scene.finish_jobs().await;
    }
}
