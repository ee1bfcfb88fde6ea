//! Actions that the provider's people do.

use domain::actions::ActionFilter;
use model::{AccessDetail, ActionState, PageRequest, Role, Scope, TokenScope};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, by_token, code, faults, not_possible};

async fn asked(scene: &Scene<'_>) -> model::ActionId {
    scene
        .ask(&scene.member, "resize", json!({ "size": 7 }))
        .await
        .unwrap()
}

fn line(label: &str, value: &str) -> AccessDetail {
    AccessDetail {
        label: label.into(),
        value: value.into(),
    }
}

both_engines! {
    async fn the_provider_finds_it_and_says_when_it_is_done(world: World) {
        let scene = Scene::by_hand(&world).await;
        let offered = scene.offered(&scene.member).await;
        let keys: Vec<_> = offered.actions.iter().map(|one| (one.action.key.as_str(), one.by_hand)).collect();
        assert_eq!(keys, [("resize", true)]);
        let id = asked(&scene).await;
        assert!(scene.jobs().await.is_empty(), "no worker does it");
        let (actions, manager) = (world.domain().actions(), &scene.provider.manager);
        let queue = ActionFilter {
            sold_by: Some(scene.provider.id),
            states: vec![ActionState::Waiting],
            by_hand: true,
            ..ActionFilter::default()
        };
        let found = actions.list(manager, &queue, &PageRequest::default()).await.unwrap().items;
        assert_eq!(found.iter().map(|one| (one.id, one.can_finish)).collect::<Vec<_>>(), [(id, true)]);
        assert!(!scene.shown(id).await.can_finish, "not by the buyer");
        assert!(not_possible(scene.ask(&scene.owner, "resize", json!({ "size": 8 })).await).contains("Resize"));
        let output = [line("Size", "7 TB"), line("Key", "line 1\nline 2")];
        actions.finish(manager, id, (" As you wished.\r\n", &output)).await.unwrap();
        let shown = scene.shown(id).await;
        assert_eq!((shown.state, shown.message.as_str()), (ActionState::Done, "As you wished."));
        assert_eq!(shown.output, output);
        assert!(actions.list(manager, &queue, &PageRequest::default()).await.unwrap().items.is_empty());
        assert_eq!(scene.told().await, [
            format!("resize requested by {}: -", scene.member.name),
            format!("resize done by {}: As you wished.", manager.name),
        ]);
    }

    async fn the_provider_says_why_it_cannot_be_done(world: World) {
        let scene = Scene::by_hand(&world).await;
        let id = asked(&scene).await;
        let (actions, manager) = (world.domain().actions(), &scene.provider.manager);
        assert_eq!(faults(actions.refuse(manager, id, " ").await), ["reason: required"]);
        assert_eq!(faults(actions.refuse(manager, id, "\u{202E}on").await), ["reason: bad_character"]);
        actions.refuse(manager, id, "There is no room.").await.unwrap();
        assert_eq!(scene.end_of(id).await, (ActionState::Failed, "There is no room.".into()));
        assert_eq!(scene.told().await[1], format!("resize failed by {}: There is no room.", manager.name));
    }

    async fn an_end_is_said_once(world: World) {
        let scene = Scene::by_hand(&world).await;
        let (actions, manager) = (world.domain().actions(), &scene.provider.manager);
        for end in ["finish", "refuse", "withdraw"] {
            let id = asked(&scene).await;
            match end {
                "finish" => actions.finish(manager, id, ("", &[])).await.unwrap(),
                "refuse" => actions.refuse(manager, id, "no").await.unwrap(),
                _ => actions.withdraw(&scene.member, id).await.unwrap(),
            }
            let row = scene.row(id).await;
            assert_eq!(code(actions.finish(manager, id, ("", &[])).await), "action_over", "{end}");
            assert_eq!(code(actions.refuse(manager, id, "no").await), "action_over", "{end}");
            assert_eq!(scene.row(id).await, row);
        }
    }

    async fn what_is_given_back_has_bounds(world: World) {
        let scene = Scene::by_hand(&world).await;
        let id = asked(&scene).await;
        let (actions, manager) = (world.domain().actions(), &scene.provider.manager);
        let finish = async |note: &str, output: &[AccessDetail]| faults(actions.finish(manager, id, (note, output)).await);
        assert_eq!(finish(&"x".repeat(10_000), &[]).await, ["note: too_long"]);
        assert_eq!(finish("a\0b", &[]).await, ["note: bad_character"]);
        assert_eq!(finish("", &vec![line("a", "b"); 21]).await, ["output: too_many"]);
        assert_eq!(finish("", &[line(" ", "b")]).await, ["output: required"]);
        assert_eq!(finish("", &[line("a\nb", "b")]).await, ["output: bad_character"]);
        assert_eq!(finish("", &[line("a", "b\0")]).await, ["output: bad_character"]);
        assert_eq!(finish("", &[line("a", &"x".repeat(1_001))]).await, ["output: too_long"]);
        assert_eq!(scene.row(id).await.state, ActionState::Waiting);
        actions.finish(manager, id, ("", &vec![line("a", ""); 20])).await.unwrap();
    }

    async fn only_the_provider_says_how_it_ended(world: World) {
        let scene = Scene::by_hand(&world).await;
        let id = asked(&scene).await;
        let actions = world.domain().actions();
        let support = world.person(Role::Support, Scope::System).await;
        let (manager, read) = (&scene.provider.manager, by_token(&scene.provider.manager, &[TokenScope::Read]));
        for (who, expected) in [
            (&scene.owner, "forbidden"), (&scene.member, "forbidden"), (&support, "forbidden"),
            (&world.stranger().await, "action_not_found"),
            (&world.provider().await.manager, "action_not_found"),
            (&read, "token_scope_missing"),
        ] {
            assert_eq!(code(actions.finish(who, id, ("", &[])).await), expected, "{}", who.name);
            assert_eq!(code(actions.refuse(who, id, "no").await), expected, "{}", who.name);
            let shown = actions.one(who, id).await;
            assert!(shown.is_err() || !shown.unwrap().can_finish);
        }
        let provide = by_token(manager, &[TokenScope::Provide]);
        actions.finish(&provide, id, ("", &[])).await.unwrap();
    }

    async fn what_a_backend_does_is_not_done_by_hand(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        let actions = world.domain().actions();
        let manager = &scene.provider.manager;
        assert!(not_possible(actions.finish(manager, id, ("", &[])).await).contains("by itself"));
        assert!(not_possible(actions.refuse(manager, id, "no").await).contains("by itself"));
        assert!(!actions.one(manager, id).await.unwrap().can_finish);
    }

    async fn what_was_asked_for_stays_when_the_provider_defines_other_actions(world: World) {
        let scene = Scene::by_hand(&world).await;
        let id = asked(&scene).await;
        let (catalogue, manager) = (world.domain().catalogue(), &scene.provider.manager);
        let revision = scene.offering_row().await.revision;
        catalogue.set_actions(manager, scene.offering.id, Vec::new(), (&scene.plugins, revision)).await.unwrap();
        assert!(scene.offered(&scene.member).await.actions.is_empty());
        assert_eq!(code(scene.ask(&scene.member, "resize", json!({ "size": 7 })).await), "action_unknown");
        let shown = scene.shown(id).await;
        assert_eq!((shown.title.as_str(), shown.input[0].text.as_str()), ("Resize", "7"));
        world.domain().actions().finish(manager, id, ("", &[])).await.unwrap();
    }
}
