//! Actions that nobody works on any more, and those of long ago.

use chrono::TimeDelta;
use domain::jobs::Limits;
use domain::jobs::kinds::RunAction;
use domain::{Clock, jobs::Job};
use entity::job;
use model::{ActionState, ResourceState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::Scene;

async fn end_lost(world: &World) -> u64 {
    world.operations().actions().end_lost().await.unwrap()
}

both_engines! {
    async fn what_lost_its_job_fails_and_the_rest_goes_on(world: World) {
        let scene = Scene::of(&world).await;
        let (lost, begun, kept) = (scene.note("a").await, scene.note("b").await, scene.note("c").await);
        let done = scene.note("d").await;
        scene.complete(done).await;
        scene.begin(begun).await.unwrap();
        assert_eq!(end_lost(&world).await, 0);
        let subjects = [lost, begun, done].map(|id| format!("action {id}"));
        let gone = job::Entity::delete_many().filter(job::Column::Subject.is_in(subjects));
        gone.exec(world.db()).await.unwrap();
        let others = [scene.row(kept).await, scene.row(done).await];
        assert_eq!(end_lost(&world).await, 2);
        for id in [lost, begun] {
            let (state, words) = scene.end_of(id).await;
            assert_eq!(state, ActionState::Failed);
            assert!(words.contains("Nobody works on this"), "{words}");
            assert_eq!(scene.row(id).await.ended_at, Some(world.clock().now()));
        }
        assert_eq!([scene.row(kept).await, scene.row(done).await], others);
        assert_eq!(scene.told().await.len(), 4 + 1 + 2);
        assert_eq!(end_lost(&world).await, 0, "once");
        assert!(scene.begin(kept).await.is_some());
    }

    async fn a_job_that_runs_waits_again_or_was_given_up_is_told_apart(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.note("a").await;
        let jobs = world.operations().jobs();
        let minute = std::time::Duration::from_mins(1);
        let lease = async || jobs.lease("w", &[RunAction::NAME], minute, Limits::default()).await.unwrap().unwrap();
        let leased = lease().await;
        assert_eq!(end_lost(&world).await, 0, "a worker has it");
        jobs.postpone(leased.id, "w", std::time::Duration::from_mins(9)).await.unwrap();
        assert_eq!(end_lost(&world).await, 0, "it is looked at again");
        world.clock().advance(TimeDelta::minutes(10));
        let leased = lease().await;
        jobs.dead(&leased, "w", "gone").await.unwrap();
        assert_eq!(end_lost(&world).await, 1);
        assert_eq!(scene.row(id).await.state, ActionState::Failed);
    }

    async fn what_outlives_its_resource_fails(world: World) {
        let scene = Scene::by_hand(&world).await;
        let id = scene.ask(&scene.member, "resize", json!({ "size": 7 })).await.unwrap();
        let other = world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await;
        let wish = super::scene::wish("resize", json!({ "size": 7 }));
        let actions = world.domain().actions();
        let left = actions.ask(&scene.member, other, wish, (&scene.plugins, None)).await.unwrap();
        assert_eq!(end_lost(&world).await, 0, "people take their time");
        for (state, expected) in [
            (ResourceState::Erred, 0), (ResourceState::Updating, 0), (ResourceState::Terminating, 0), (ResourceState::Terminated, 1),
        ] {
            scene.set_resource(|row| row.state = Set(state)).await;
            assert_eq!(end_lost(&world).await, expected, "{state}");
        }
        assert_eq!(scene.end_of(id).await, (ActionState::Failed, "The resource ended before this was done.".into()));
        assert_eq!(scene.told().await[1], "resize failed by Stoa: The resource ended before this was done.");
        assert_eq!(scene.row(left).await.state, ActionState::Waiting);
    }

    async fn a_resource_that_an_order_ends_takes_its_actions_along(world: World) {
        let scene = Scene::by_hand(&world).await;
        let id = scene.ask(&scene.member, "resize", json!({ "size": 7 })).await.unwrap();
        world.domain().ordering().place_terminate(&scene.owner, scene.resource, "", None).await.unwrap();
        world.run_jobs().await;
        assert_eq!(scene.resource_row().await.state, ResourceState::Terminated);
        let (one, two) = (world.second_process(), world.second_process());
        let (one, two) = (one.actions(), two.actions());
        let (first, second) = tokio::join!(one.end_lost(), two.end_lost());
        assert_eq!(first.unwrap() + second.unwrap(), 1, "two processes do it once");
        assert_eq!(scene.row(id).await.state, ActionState::Failed);
        assert_eq!(scene.told().await.len(), 2);
    }

    async fn what_ended_a_year_ago_is_swept(world: World) {
        let scene = Scene::of(&world).await;
        let (old, open) = (scene.note("a").await, scene.note("b").await);
        scene.fail(old, "no").await;
        let sweep = async || world.operations().actions().sweep().await.unwrap();
        world.clock().advance(TimeDelta::days(365));
        let young = scene.note("c").await;
        scene.complete(young).await;
        assert_eq!(sweep().await, 0);
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(sweep().await, 1);
        let actions = world.domain().actions();
        assert_eq!(super::scene::code(actions.one(&scene.member, old).await), "action_not_found");
        assert_eq!((scene.row(open).await.state, scene.row(young).await.state), (ActionState::Waiting, ActionState::Done));
        assert_eq!(scene.told().await.len(), 5, "the log keeps it");
    }
}
