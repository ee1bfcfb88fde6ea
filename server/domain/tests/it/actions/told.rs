//! Who is told of actions: whoever does them by hand, then whoever asked.

use domain::Actor;
use domain::actions::ActionFilter;
use model::{Notice, NoticeKind, PageRequest};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::Scene;

/// What somebody was told of actions, the oldest first; what they have read, or need not any more, is in brackets.
async fn told(world: &World, to: &Actor) -> Vec<String> {
    while world.operations().notices().tell_next().await.unwrap() {}
    let line = |one: Notice| {
        let line = format!("{} {}: {}", one.kind, one.text, one.note);
        if one.read_at.is_some() {
            format!("({line})")
        } else {
            line
        }
    };
    let list = world.domain().notices();
    let all = list.list(to, false, &PageRequest::default()).await.unwrap().items;
    let of_actions = all
        .into_iter()
        .rev()
        .filter(|one| one.event.starts_with("resource.action_"));
    of_actions.map(line).collect()
}

const NOTHING: [&str; 0] = [];

both_engines! {
    async fn who_does_it_by_hand_is_told_and_then_who_asked(world: World) {
        let scene = Scene::by_hand(&world).await;
        let (actions, manager) = (world.domain().actions(), &scene.provider.manager);
        let ask = async || scene.ask(&scene.member, "resize", json!({ "size": 7 })).await.unwrap();
        let first = ask().await;
        assert_eq!(told(&world, manager).await, ["to_do Waits for you to do it: Resize: "]);
        for other in [&scene.member, &scene.owner] {
            assert_eq!(told(&world, other).await, NOTHING, "{}", other.name);
        }
        actions.finish(manager, first, ("As you wished.", &[])).await.unwrap();
        assert_eq!(told(&world, manager).await, ["(to_do Waited for you to do it: Resize; now: done: )"]);
        let of_member = told(&world, &scene.member).await;
        assert_eq!(of_member.len(), 1);
        assert!(of_member[0].starts_with("orders ") && of_member[0].ends_with(": As you wished."), "{of_member:?}");
        let second = ask().await;
        actions.refuse(manager, second, "No room.").await.unwrap();
        assert!(told(&world, &scene.member).await[1].ends_with(": No room."));
        let third = ask().await;
        assert_eq!(told(&world, manager).await.iter().filter(|one| one.starts_with("to_do Waits")).count(), 1);
        actions.withdraw(&scene.member, third).await.unwrap();
        let of_manager = told(&world, manager).await;
        let (tasks, others): (Vec<_>, Vec<_>) = of_manager.iter().partition(|one| one.contains("to_do"));
        assert!(tasks.iter().all(|one| one.starts_with("(to_do Waited")), "nothing is left to do: {of_manager:?}");
        assert_eq!(others, ["providing Action withdrawn: Resize: "], "somebody may be at it");
        assert_eq!(told(&world, &scene.member).await.len(), 2, "who took it back is not told");
        assert_eq!(told(&world, &scene.owner).await, NOTHING);
    }

    async fn one_that_ends_leaves_what_is_to_do_about_another(world: World) {
        let scene = Scene::by_hand(&world).await;
        let (actions, manager) = (world.domain().actions(), &scene.provider.manager);
        let first = scene.ask(&scene.member, "resize", json!({ "size": 7 })).await.unwrap();
        let other = world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await;
        let wish = super::scene::wish("resize", json!({ "size": 8 }));
        actions.ask(&scene.member, other, wish, (&scene.plugins, None)).await.unwrap();
        assert_eq!(told(&world, manager).await.len(), 2);
        actions.finish(manager, first, ("", &[])).await.unwrap();
        let left = told(&world, manager).await;
        assert_eq!(left.iter().filter(|one| one.starts_with("to_do Waits")).count(), 1, "{left:?}");
        let waiting = ActionFilter { by_hand: true, states: vec![model::ActionState::Waiting], ..ActionFilter::default() };
        assert_eq!(actions.list(manager, &waiting, &PageRequest::default()).await.unwrap().items.len(), 1);
    }

    async fn of_what_a_backend_does_only_failures_are_told(world: World) {
        let scene = Scene::of(&world).await;
        let done = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        scene.complete(done).await;
        for person in [&scene.member, &scene.provider.manager] {
            assert_eq!(told(&world, person).await, NOTHING, "{}", person.name);
        }
        let failed = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        scene.fail(failed, "No nodes.").await;
        let of_member = told(&world, &scene.member).await;
        assert_eq!(of_member.len(), 1);
        assert!(of_member[0].starts_with(&NoticeKind::Orders.to_string()) && of_member[0].ends_with(": No nodes."), "{of_member:?}");
        assert_eq!(told(&world, &scene.owner).await, NOTHING, "nobody but who asked");
        assert_eq!(told(&world, &scene.provider.manager).await, NOTHING);
    }
}
