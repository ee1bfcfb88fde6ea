//! The same request twice has one effect and the same answer.

use model::Kind;
use testkit::{World, both_engines};

use super::scene::{Scene, refused};

both_engines! {
    async fn a_draft_sent_twice_under_one_key_is_one_order(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let draft = scene.draft();
        let first = ordering.place_create(&scene.owner, draft.clone(), Some("click-1")).await.unwrap();
        let stored = scene.stored().await;
        assert_eq!(ordering.place_create(&scene.owner, draft.clone(), Some("click-1")).await.unwrap(), first);
        assert_eq!(scene.stored().await, stored);
        let mut other = draft.clone();
        other.name = "Another".into();
        assert_eq!(refused(ordering.place_create(&scene.owner, other, Some("click-1")).await), Kind::Conflict);
        assert_eq!(scene.stored().await, stored);
        let theirs = ordering.place_create(&scene.member, draft.clone(), Some("click-1")).await.unwrap();
        assert_ne!(theirs, first, "a key belongs to its user");
        let fresh = ordering.place_create(&scene.owner, draft, Some("click-2")).await.unwrap();
        assert_ne!(fresh, first);
        world.leaves_jobs();
    }

    async fn a_double_click_orders_once(world: World) {
        let scene = Scene::of(&world).await;
        let other_process = world.second_process();
        let (one, two) = (world.domain().ordering(), other_process.domain().ordering());
        let draft = scene.draft();
        for round in 1..=12 {
            let key = format!("click {round}");
            let (first, second) = tokio::join!(
                one.place_create(&scene.owner, draft.clone(), Some(&key)),
                two.place_create(&scene.owner, draft.clone(), Some(&key)),
            );
            assert_eq!(first.unwrap(), second.unwrap());
            assert_eq!(scene.stored().await[..3], [round; 3]);
        }
        world.leaves_jobs();
    }

    async fn a_refused_draft_does_not_use_up_its_key(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let mut draft = scene.draft();
        draft.name = String::new();
        assert_eq!(refused(ordering.place_create(&scene.owner, draft.clone(), Some("k")).await), Kind::Invalid);
        draft.name = "Now with a name".into();
        ordering.place_create(&scene.owner, draft, Some("k")).await.unwrap();
        world.leaves_jobs();
    }

    async fn a_key_of_the_wrong_shape_is_refused(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        for key in ["", "line\nbreak", &"k".repeat(201)] {
            assert_eq!(refused(ordering.place_create(&scene.owner, scene.draft(), Some(key)).await), Kind::Invalid);
        }
        ordering.place_create(&scene.owner, scene.draft(), Some(&"k".repeat(200))).await.unwrap();
        world.leaves_jobs();
    }

    async fn changes_and_terminations_are_placed_once_per_key_too(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let resource = scene.resource().await;
        let first = ordering.place_terminate(&scene.member, resource, "done", Some("t")).await.unwrap();
        assert_eq!(ordering.place_terminate(&scene.member, resource, "done", Some("t")).await.unwrap(), first);
        assert_eq!(refused(ordering.place_terminate(&scene.member, resource, "other", Some("t")).await), Kind::Conflict);
    }
}
