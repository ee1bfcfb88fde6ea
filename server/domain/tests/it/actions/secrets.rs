//! What is filled in and secret: sealed, never shown, there for the worker, gone with the end.

use std::sync::Arc;

use domain::crypto::SealedIn;
use domain::{Cipher, Operations};
use entity::resource_action;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, code};

const SECRET: &str = "hunter22-very-secret";

async fn asked(scene: &Scene<'_>) -> model::ActionId {
    let input = json!({ "login": "ann", "password": SECRET });
    scene
        .ask_under("once", &scene.member, "rotate", input)
        .await
        .unwrap()
}

both_engines! {
    async fn it_is_written_nowhere_in_the_clear_and_shown_to_nobody(world: World) {
        let scene = Scene::of(&world).await;
        let id = asked(&scene).await;
        let row = scene.row(id).await;
        assert_eq!(row.input, json!({ "login": "ann" }));
        let sealed = row.secrets.as_ref().unwrap();
        assert!(!sealed.windows(8).any(|part| part == &SECRET.as_bytes()[..8]));
        let opened = Cipher::new("the secret of a test").open(sealed, SealedIn::of_action(id.0)).unwrap();
        assert_eq!(*opened, *json!({ "password": SECRET }).to_string().as_bytes());
        scene.begin(id).await.unwrap();
        for when in ["begun", "done"] {
            assert!(!scene.written().await.contains(SECRET), "{when}");
            for actor in [&scene.member, &scene.owner, &scene.provider.manager] {
                let shown = world.domain().actions().one(actor, id).await.unwrap();
                let labels: Vec<_> = shown.input.iter().map(|row| row.label.as_str()).collect();
                assert_eq!(labels, ["Login"], "{when}");
                assert!(!serde_json::to_string(&shown).unwrap().contains(SECRET));
            }
            scene.complete(id).await;
        }
    }

    async fn the_worker_reads_it_and_with_the_end_it_is_gone(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.domain().actions();
        for end in ["complete", "fail", "withdraw", "updating"] {
            let input = json!({ "login": "ann", "password": SECRET });
            let id = scene.ask(&scene.member, "rotate", input.clone()).await.unwrap();
            match end {
                "complete" => {
                    assert_eq!(scene.begin(id).await.unwrap().input, input);
                    assert_eq!(scene.begin(id).await.unwrap().input, input, "again, where a worker was lost");
                    assert!(scene.row(id).await.secrets.is_some());
                    scene.complete(id).await;
                }
                "fail" => scene.fail(id, "no").await,
                "withdraw" => actions.withdraw(&scene.member, id).await.unwrap(),
                _ => {
                    scene.set_resource(|row| row.state = Set(model::ResourceState::Updating)).await;
                    assert!(scene.begin(id).await.is_none());
                }
            }
            let row = scene.row(id).await;
            assert!(row.state.is_terminal() && row.secrets.is_none(), "{end}");
        }
    }

    async fn what_is_sealed_for_another_action_does_not_open(world: World) {
        let scene = Scene::of(&world).await;
        let one = scene.ask(&scene.member, "rotate", json!({ "login": "ann", "password": "first" })).await.unwrap();
        let foreign = scene.row(one).await.secrets;
        scene.fail(one, "no").await;
        let other = asked(&scene).await;
        let mut row: resource_action::ActiveModel = scene.row(other).await.into_active_model();
        row.secrets = Set(foreign);
        row.update(world.db()).await.unwrap();
        let begun = world.operations().actions().begin(other).await;
        assert_eq!(code(begun), "secret_unreadable");
        assert_eq!(scene.row(other).await.state, model::ActionState::Waiting, "nothing of it has begun");
    }

    async fn it_is_sealed_anew_with_another_key(world: World) {
        let scene = Scene::of(&world).await;
        let with = |cipher| Operations::new(world.db().clone(), Arc::new(world.clock().clone()), cipher);
        with(Cipher::new("the secret of a test")).check_secret_key().await.unwrap();
        let id = asked(&scene).await;
        let ended = scene.note("x").await;
        scene.complete(ended).await;
        let both = with(Cipher::new("another secret of a test").after("the secret of a test"));
        assert_eq!(both.rotate_secret_key().await.unwrap(), 1);
        assert_eq!(both.rotate_secret_key().await.unwrap(), 0, "nothing is left");
        assert_eq!(code(world.operations().actions().begin(id).await), "secret_unreadable", "the first key is over");
        let second = with(Cipher::new("another secret of a test"));
        let work = second.actions().begin(id).await.unwrap().unwrap();
        assert_eq!(work.input, json!({ "login": "ann", "password": SECRET }));
    }

    async fn what_is_asked_for_with_a_secret_is_asked_for_once(world: World) {
        let scene = Scene::of(&world).await;
        let id = asked(&scene).await;
        assert_eq!(asked(&scene).await, id);
        let other = json!({ "login": "ann", "password": "another" });
        let clash = scene.ask_under("once", &scene.member, "rotate", other).await;
        assert_eq!(code(clash), "idempotency_key_reused", "another secret is another wish");
    }
}
