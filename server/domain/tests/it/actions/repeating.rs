//! One wish that comes again under its key.

use chrono::TimeDelta;
use model::ActionState;
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, code};

both_engines! {
    async fn the_same_wish_again_is_answered_with_the_first(world: World) {
        let scene = Scene::of(&world).await;
        let first = scene.ask_under("k", &scene.member, "restart", json!({})).await.unwrap();
        let stored = scene.stored().await;
        let again = async || scene.ask_under("k", &scene.member, "restart", json!({})).await.unwrap();
        assert_eq!(again().await, first, "although another is under way");
        assert_eq!(scene.stored().await, stored);
        assert_eq!(scene.jobs().await.len(), 1);
        scene.begin(first).await.unwrap();
        scene.complete(first).await;
        let stored = scene.stored().await;
        assert_eq!(again().await, first, "it has ended");
        assert_eq!(scene.stored().await, stored);
        scene.set_resource(|row| row.state = sea_orm::Set(model::ResourceState::Terminated)).await;
        assert_eq!(again().await, first, "the resource is gone");
    }

    async fn another_wish_under_that_key_is_refused(world: World) {
        let scene = Scene::of(&world).await;
        let ask = async |key: &str, input| scene.ask_under("k", &scene.member, key, input).await;
        let first = ask("note", json!({ "text": "a" })).await.unwrap();
        let stored = scene.stored().await;
        for (key, input) in [
            ("note", json!({ "text": "b" })),
            ("note", json!({ "text": "a", "times": 1 })),
            ("restart", json!({})),
            ("no such action", json!({})),
        ] {
            assert_eq!(code(ask(key, input).await), "idempotency_key_reused");
        }
        let other = world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await;
        let wish = super::scene::wish("note", json!({ "text": "a" }));
        let elsewhere = world.domain().actions().ask(&scene.member, other, wish, (&scene.plugins, Some("k"))).await;
        assert_eq!(code(elsewhere), "idempotency_key_reused", "of another resource");
        assert_eq!(scene.stored().await[0], stored[0]);
        assert_eq!(ask("note", json!({ "text": "a" })).await.unwrap(), first);
    }

    async fn keys_are_of_one_person_and_of_actions_alone(world: World) {
        let scene = Scene::of(&world).await;
        let note = async |actor| scene.ask_under("k", actor, "note", json!({ "text": "a" })).await.unwrap();
        let (mine, theirs) = (note(&scene.member).await, note(&scene.owner).await);
        assert_ne!(mine, theirs);
        let draft = world.order(&scene.member, &scene.project, &scene.offering).into_draft();
        world.domain().ordering().place_create(&scene.member, draft, Some("k")).await.unwrap();
        assert_eq!(note(&scene.member).await, mine);
        for key in ["", " k", "k\n", "ключ", &"k".repeat(201)] {
            let refused = scene.ask_under(key, &scene.member, "note", json!({ "text": "a" })).await;
            assert_eq!(code(refused), "idempotency_key_invalid", "{key:?}");
        }
    }

    async fn what_was_refused_is_asked_anew_under_its_key(world: World) {
        let scene = Scene::of(&world).await;
        let ask = async || scene.ask_under("k", &scene.member, "start", json!({})).await;
        assert_eq!(code(ask().await), "action_not_possible");
        assert_eq!(scene.stored().await[3], 0, "a refusal is not kept");
        scene.set_resource(|row| row.condition = sea_orm::Set("stopped".into())).await;
        let id = ask().await.unwrap();
        world.domain().actions().withdraw(&scene.member, id).await.unwrap();
        assert_eq!(ask().await.unwrap(), id, "taken back, it is still the first");
        assert_eq!(scene.row(id).await.state, ActionState::Withdrawn);
    }

    async fn without_a_key_each_wish_is_another_and_after_a_day_a_key_is_free(world: World) {
        let scene = Scene::of(&world).await;
        assert_ne!(scene.note("a").await, scene.note("a").await);
        let ask = async || scene.ask_under("k", &scene.member, "note", json!({ "text": "a" })).await.unwrap();
        let first = ask().await;
        world.clock().advance(TimeDelta::hours(25));
        world.operations().idempotency().sweep().await.unwrap();
        assert_ne!(ask().await, first);
    }
}
