//! What a provider defines that can be done with resources of an offering.

use domain::Actor;
use domain::catalogue::CatalogueError;
use model::{Action, ActionAudience, Field, FieldKind, Kind, Schema};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::Scene;
use crate::catalogue::{detail, paths};

fn action(key: &str) -> Action {
    Action::new(key, "Title", "A sentence.")
}

async fn set(scene: &Scene<'_>, actor: &Actor, actions: Vec<Action>) -> Result<i32, CatalogueError> {
    let revision = scene.offering_row().await.revision;
    let catalogue = scene.world.domain().catalogue();
    catalogue
        .set_actions(actor, scene.offering.id, actions, (&scene.plugins, revision))
        .await
}

/// The paths of what is at fault.
async fn faults(scene: &Scene<'_>, actions: Vec<Action>) -> Vec<String> {
    paths(&set(scene, &scene.provider.manager, actions).await.unwrap_err())
}

fn asking(field: Field) -> Action {
    action("a").asking(Schema::new(vec![field]))
}

both_engines! {
    async fn they_are_kept_in_order_and_told(world: World) {
        let scene = Scene::by_hand(&world).await;
        let manager = &scene.provider.manager;
        let before = scene.offering_row().await.revision;
        let mut grow = action("grow_2").of(ActionAudience::Managers).confirmed(" Sure? ").beside_others();
        grow.title = " Grow ".into();
        grow.input = Schema::new(vec![Field::new("by", "By", FieldKind::choice(&[("1", "One"), ("2", "Two")]))]);
        let revision = set(&scene, manager, vec![grow.clone(), action("b")]).await.unwrap();
        assert_eq!(revision, before + 1);
        let shown = detail(&world, manager, &scene.offering).await.actions;
        let expected = Action { title: "Grow".into(), confirmation: "Sure?".into(), ..grow.clone() };
        assert_eq!(shown, [expected, action("b")]);
        assert_eq!(set(&scene, manager, shown).await.unwrap(), revision, "nothing changed");
        let log = world.domain().audit();
        let scope = model::Scope::Provider(scene.provider.id);
        let page = log.list(manager, scope, &model::PageRequest::default()).await.unwrap().items;
        assert_eq!(page[0].verb, "offering.actions_set");
        assert_eq!(page[0].before, json!({ "actions": ["resize"] }));
        assert_eq!(page[0].after, json!({ "actions": ["grow_2", "b"] }));
        assert_eq!(set(&scene, manager, Vec::new()).await.unwrap(), revision + 1);
    }

    async fn keys_and_texts_are_checked(world: World) {
        let scene = Scene::by_hand(&world).await;
        let before = scene.offering_row().await;
        for bad in ["", "A", "1a", "_a", "a-b", "ä", "a\0", "a b", &"a".repeat(51)] {
            assert_eq!(faults(&scene, vec![action(bad)]).await, ["actions.0.key"], "{bad}");
        }
        assert_eq!(faults(&scene, vec![action("a"), action("b"), action("a")]).await, ["actions.2.key"]);
        assert_eq!(faults(&scene, (0..21).map(|n| action(&format!("a{n}"))).collect()).await, ["actions"]);
        let empty = Action { title: " ".into(), description: "\u{200B}".into(), confirmation: "a\nb".into(), ..action("a") };
        let found = faults(&scene, vec![action("b"), empty]).await;
        assert!(found.contains(&"actions.1.title".to_owned()), "{found:?}");
        assert!(found.contains(&"actions.1.description".to_owned()), "{found:?}");
        assert!(found.contains(&"actions.1.confirmation".to_owned()), "{found:?}");
        let long = Action { title: "x".repeat(61), description: "x".repeat(501), confirmation: "x".repeat(501), ..action("a") };
        assert_eq!(faults(&scene, vec![long]).await.len(), 3);
        assert_eq!(scene.offering_row().await, before);
        set(&scene, &scene.provider.manager, (0..20).map(|n| action(&format!("a{n}"))).collect()).await.unwrap();
        set(&scene, &scene.provider.manager, vec![action(&"a".repeat(50))]).await.unwrap();
    }

    async fn what_only_plugins_can_declare_is_refused(world: World) {
        let scene = Scene::by_hand(&world).await;
        let before = scene.offering_row().await;
        let choice = Field::new("job", "Job", FieldKind::choice(&[("1", "One")]));
        for other in [
            action("a").possible_in(&["running"]),
            action("a").offered_when("x", "y"),
            asking(choice).choosing("job", "jobs"),
        ] {
            assert_eq!(faults(&scene, vec![other]).await, ["actions.0.key"]);
        }
        let secret = Field::new("password", "Password", FieldKind::Secret);
        assert_eq!(faults(&scene, vec![asking(secret)]).await, ["actions.0.input"]);
        assert_eq!(scene.offering_row().await, before);
    }

    async fn forms_are_checked(world: World) {
        let scene = Scene::by_hand(&world).await;
        let before = scene.offering_row().await;
        let line = || FieldKind::string();
        let many = Schema::new((0..51).map(|n| Field::new(format!("f{n}"), "F", line())).collect());
        assert_eq!(faults(&scene, vec![action("a").asking(many)]).await, ["actions.0.input"]);
        let twice = Schema::new(vec![Field::new("a", "A", line()), Field::new("a", "A", line())]);
        let found = faults(&scene, vec![action("a").asking(twice)]).await;
        assert!(!found.is_empty() && found.iter().all(|path| path.starts_with("actions.0.input")), "{found:?}");
        for bad in [
            Field::new("A b", "A", line()),
            Field::new("a", "A", FieldKind::choice(&[])),
            Field::new("a", "A\0", line()),
            Field::new("a", "A", line()).help("a\0b"),
        ] {
            let found = faults(&scene, vec![asking(bad.clone())]).await;
            assert!(!found.is_empty() && found.iter().all(|path| path.starts_with("actions.0.input")), "{bad:?} {found:?}");
        }
        let choices: Vec<_> = (0..200).map(|n| model::FieldChoice::new(n.to_string(), "x".repeat(200))).collect();
        let wide = |n: usize| Field::new(format!("f{n}"), "F", FieldKind::Choice { choices: choices.clone() });
        let large = action("a").asking(Schema::new((0..10).map(wide).collect()));
        let found = faults(&scene, vec![large]).await;
        assert!(!found.is_empty(), "{found:?}");
        assert_eq!(scene.offering_row().await, before);
    }

    async fn only_what_is_delivered_by_hand_has_them(world: World) {
        let scene = Scene::of(&world).await;
        let refused = set(&scene, &scene.provider.manager, vec![action("a")]).await.unwrap_err();
        assert_eq!((paths(&refused), refused.problem().fields[0].code.as_str()), (vec!["actions".to_owned()], "not_by_hand"));
        set(&scene, &scene.provider.manager, Vec::new()).await.unwrap();
        // What was defined before another plugin was chosen is not offered.
        let own = json!([action("mine")]);
        scene.set_offering(|row| row.actions = sea_orm::Set(own)).await;
        assert!(scene.offered(&scene.owner).await.actions.iter().all(|one| one.action.key != "mine"));
        assert_eq!(super::scene::code(scene.ask(&scene.owner, "mine", json!({})).await), "action_unknown");
    }

    async fn who_may_not_edit_the_offering_defines_nothing(world: World) {
        let scene = Scene::by_hand(&world).await;
        let other = world.provider().await.manager;
        for (who, expected) in [(&scene.owner, Kind::NotFound), (&scene.member, Kind::NotFound), (&other, Kind::NotFound)] {
            assert_eq!(set(&scene, who, vec![action("a")]).await.unwrap_err().kind(), expected, "{}", who.name);
        }
        let support = world.person(model::Role::Support, model::Scope::System).await;
        assert_eq!(set(&scene, &support, vec![action("a")]).await.unwrap_err().kind(), Kind::Forbidden);
        let reading = super::scene::by_token(&scene.provider.manager, &[model::TokenScope::Read]);
        assert_eq!(set(&scene, &reading, vec![action("a")]).await.unwrap_err().problem().code, "token_scope_missing");
    }

    async fn what_was_changed_meanwhile_or_archived_is_left(world: World) {
        let scene = Scene::by_hand(&world).await;
        let (catalogue, manager) = (world.domain().catalogue(), &scene.provider.manager);
        let stale = scene.offering_row().await.revision - 1;
        let refused = catalogue.set_actions(manager, scene.offering.id, vec![action("a")], (&scene.plugins, stale)).await;
        assert_eq!(refused.unwrap_err().problem().code, "changed_meanwhile");
        catalogue.archive(manager, scene.offering.id).await.unwrap();
        let refused = set(&scene, manager, vec![action("a")]).await.unwrap_err();
        assert_eq!(refused.problem().code, "offering_archived");
        // Those who have something of it go on using what it had.
        scene.ask(&scene.member, "resize", json!({ "size": 7 })).await.unwrap();
    }
}
