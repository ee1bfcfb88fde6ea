//! What verification finds of actions, and what time does to them.

use chrono::TimeDelta;
use domain::{Clock, actions::ActionEnd};
use entity::{job, resource_action, resource_parts};
use model::{AccessDetail, ActionState, InventoryTable, ResourceState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::Scene;
use crate::verify::{findings, texts_of};

both_engines! {
    async fn each_fault_of_an_action_is_found(world: World) {
        use resource_action::Column as C;
        let scene = Scene::of(&world).await;
        let (done, secret, lost) = (scene.note("a").await, scene.note("b").await, scene.note("c").await);
        scene.complete(done).await;
        scene.complete(secret).await;
        assert_eq!(findings(&world).await, []);
        let set = async |id, column: C, value: sea_orm::sea_query::SimpleExpr| {
            let row = resource_action::Entity::update_many().col_expr(column, value).filter(C::Id.eq(id));
            row.exec(world.db()).await.unwrap();
        };
        set(done, C::EndedAt, Expr::value(None::<chrono::DateTime<chrono::Utc>>)).await;
        set(secret, C::Secrets, Expr::value(vec![1_u8])).await;
        let gone = job::Entity::delete_many().filter(job::Column::Subject.eq(format!("action {lost}")));
        gone.exec(world.db()).await.unwrap();
        let both = ["it has ended, and what was secret is kept", "its state and its end differ"];
        assert_eq!(texts_of(&world, 4).await, both, "somebody may end it in these minutes");
        world.clock().advance(TimeDelta::minutes(11));
        let all = [both[0], "it has not ended, and nobody works on it", both[1]];
        assert_eq!(texts_of(&world, 4).await, all);
    }

    async fn what_did_not_have_its_turn_within_an_hour_is_not_done(world: World) {
        let scene = Scene::of(&world).await;
        let (late, begun) = (scene.note("a").await, scene.note("b").await);
        scene.begin(begun).await.unwrap();
        world.clock().advance(TimeDelta::minutes(59));
        let fresh = scene.note("c").await;
        world.clock().advance(TimeDelta::minutes(2));
        assert!(scene.begin(late).await.is_none());
        let (state, words) = scene.end_of(late).await;
        assert_eq!(state, ActionState::Failed);
        assert!(words.contains("within an hour, so nothing was done"), "{words}");
        assert!(scene.begin(begun).await.is_some(), "what was begun goes on");
        assert!(scene.begin(fresh).await.is_some());
    }

    async fn nothing_that_is_paid_by_the_month_changes_with_an_action(world: World) {
        let scene = Scene::of(&world).await;
        world.clock().advance(TimeDelta::days(2));
        let cost = async || world.domain().billing().running_cost(&scene.owner, scene.resource).await.unwrap();
        let before = cost().await;
        assert!(before.net.is_positive(), "{before:?}");
        let stop = scene.ask(&scene.member, "stop", json!({})).await.unwrap();
        let end = ActionEnd { condition: Some("stopped".into()), ..ActionEnd::default() };
        scene.begin(stop).await.unwrap();
        world.operations().actions().complete(stop, end).await.unwrap();
        assert_eq!(scene.resource_row().await.condition, "stopped");
        assert_eq!(cost().await, before);
    }

    async fn parts_of_what_is_gone_are_neither_kept_nor_written(world: World) {
        let scene = Scene::of(&world).await;
        let operations = world.operations().actions();
        let tables = [InventoryTable::new("jobs", "Jobs", &["Job"])];
        operations.keep_parts(scene.resource, &tables, None).await.unwrap();
        let kept = async || resource_parts::Entity::find().count(world.db()).await.unwrap();
        operations.sweep().await.unwrap();
        assert_eq!(kept().await, 1);
        scene.set_resource(|row| row.state = Set(ResourceState::Terminated)).await;
        operations.sweep().await.unwrap();
        assert_eq!(kept().await, 0);
        operations.keep_parts(scene.resource, &tables, None).await.unwrap();
        assert_eq!(kept().await, 0);
    }

    async fn what_people_give_back_is_kept_as_it_was_checked(world: World) {
        let scene = Scene::by_hand(&world).await;
        let id = scene.ask(&scene.member, "resize", json!({ "size": 7 })).await.unwrap();
        let line = AccessDetail { label: " Address ".into(), value: " one\r\ntwo ".into() };
        let manager = &scene.provider.manager;
        world.domain().actions().finish(manager, id, ("", &[line])).await.unwrap();
        let kept = scene.shown(id).await.output;
        assert_eq!(kept, [AccessDetail { label: "Address".into(), value: "one\ntwo".into() }]);
        assert!(scene.row(id).await.ended_at.is_some_and(|at| at <= world.clock().now()));
    }
}
