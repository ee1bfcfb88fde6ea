//! The same request twice.

use chrono::TimeDelta;
use domain::idempotency::{Begin, IdempotencyError};
use serde_json::json;
use testkit::{World, both_engines};

both_engines! {
    async fn the_second_request_gets_the_first_answer(world: World) {
        let actor = world.stranger().await;
        let kept = world.domain().idempotency();
        assert_eq!(kept.begin(&actor, "key", "request").await.unwrap(), Begin::Fresh);
        let early = kept.begin(&actor, "key", "request").await.unwrap_err();
        assert!(matches!(early, IdempotencyError::UnderWay));
        kept.finish(&actor, "key", 201, json!({"id": 1})).await.unwrap();
        let replay = kept.begin(&actor, "key", "request").await.unwrap();
        assert_eq!(replay, Begin::Replay { status: 201, body: json!({"id": 1}) });
    }

    async fn a_key_is_its_owners_and_for_one_request(world: World) {
        let actor = world.stranger().await;
        let kept = world.domain().idempotency();
        kept.begin(&actor, "key", "request").await.unwrap();
        let other = kept.begin(&actor, "key", "other request").await.unwrap_err();
        assert!(matches!(other, IdempotencyError::Clash));
        let somebody = world.stranger().await;
        assert_eq!(kept.begin(&somebody, "key", "request").await.unwrap(), Begin::Fresh);
        assert!(matches!(kept.begin(&actor, "", "request").await, Err(IdempotencyError::BadKey)));
    }

    async fn of_two_requests_at_once_one_has_the_effect(world: World) {
        let actor = world.stranger().await;
        let kept = world.domain().idempotency();
        let (left, right) =
            tokio::join!(kept.begin(&actor, "key", "request"), kept.begin(&actor, "key", "request"));
        assert_eq!([left.is_ok(), right.is_ok()].iter().filter(|fresh| **fresh).count(), 1, "{left:?} {right:?}");
    }

    async fn a_request_that_died_frees_its_key_for_one_heir(world: World) {
        let actor = world.stranger().await;
        let kept = world.domain().idempotency();
        kept.begin(&actor, "key", "request").await.unwrap();
        world.clock().advance(TimeDelta::seconds(61));
        let (left, right) =
            tokio::join!(kept.begin(&actor, "key", "request"), kept.begin(&actor, "key", "request"));
        assert_eq!([left.is_ok(), right.is_ok()].iter().filter(|fresh| **fresh).count(), 1, "{left:?} {right:?}");
    }

    async fn an_abandoned_key_is_free_and_an_old_answer_is_forgotten(world: World) {
        let actor = world.stranger().await;
        let kept = world.domain().idempotency();
        kept.begin(&actor, "key", "request").await.unwrap();
        kept.abandon(&actor, "key").await.unwrap();
        assert_eq!(kept.begin(&actor, "key", "request").await.unwrap(), Begin::Fresh);
        kept.finish(&actor, "key", 200, json!({})).await.unwrap();
        kept.abandon(&actor, "key").await.unwrap();
        assert!(matches!(kept.begin(&actor, "key", "request").await, Ok(Begin::Replay { .. })), "an answer stays");
        world.clock().advance(TimeDelta::hours(25));
        assert_eq!(world.operations().idempotency().sweep().await.unwrap(), 1);
    }
}
