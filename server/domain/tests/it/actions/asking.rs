//! What asking sets off, and when it is refused.

use domain::actions::Wish;
use domain::catalogue::SentValues;
use domain::once::Begin;
use model::{ActionState, ResourceState};
use sea_orm::Set;
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, code, faults, not_possible};

both_engines! {
    async fn what_is_asked_for_is_kept_told_and_queued(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        let row = scene.row(id).await;
        assert_eq!((row.state, row.by_hand, row.ended_at), (ActionState::Waiting, false, None));
        assert_eq!((row.resource_id, row.asked_by), (scene.resource, Some(scene.member.user_id)));
        assert_eq!((row.organization_id, row.project_id), (scene.buyer.id, scene.project.id));
        assert_eq!((row.provider_id, row.offering_id), (scene.provider.id, scene.offering.id));
        let jobs = scene.jobs().await;
        assert_eq!(jobs.len(), 1);
        assert_eq!(jobs[0].subject, format!("action {id}"));
        assert_eq!(jobs[0].payload, json!({ "action_id": id, "resource_id": scene.resource }));
        assert_eq!(jobs[0].backend_key, format!("offering {}", scene.offering.id));
        assert!(jobs[0].serial_key.as_ref().unwrap().contains(&scene.resource.to_string()));
        assert_eq!(scene.told().await, [format!("restart requested by {}: -", scene.member.name)]);
        let shown = scene.shown(id).await;
        assert_eq!((&*shown.title, &*shown.asked_by, &*shown.message), ("Restart", &*scene.member.name, ""));
        assert_eq!(shown.resource_name, scene.resource_row().await.name);
        assert!(shown.can_withdraw && !shown.can_finish);
    }

    async fn it_is_one_transaction_with_what_it_sets_off(world: World) {
        let scene = Scene::of(&world).await;
        let before = scene.stored().await;
        let Begin::Fresh(once) = world.domain().begin_once(&scene.member, "k", "k").await.unwrap() else {
            panic!("the key is new");
        };
        let asked = Wish { key: "restart".into(), input: SentValues::Json(json!({})) };
        let actions = once.domain().actions();
        actions.ask(&scene.member, scene.resource, asked, (&scene.plugins, None)).await.unwrap();
        drop(actions);
        drop(once);
        assert_eq!(scene.stored().await, before, "what is not kept has not happened");
        scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        let [actions, jobs, events, answers] = before;
        assert_eq!(scene.stored().await, [actions + 1, jobs + 1, events + 1, answers]);
    }

    async fn what_a_resource_does_not_have_cannot_be_asked_for(world: World) {
        let mut scene = Scene::of(&world).await;
        let before = scene.stored().await;
        for key in ["", "Restart", "console", "restart\0", "no such action"] {
            assert_eq!(code(scene.ask(&scene.owner, key, json!({})).await), "action_unknown", "{key}");
        }
        assert_eq!(scene.stored().await, before);
        scene.set_offering(|row| row.settings = Set(json!({ "acts_as": "machine" }))).await;
        scene.ask(&scene.owner, "console", json!({})).await.unwrap();
        scene.plugins.retain(|plugin| plugin.kind != "fake");
        assert_eq!(code(scene.ask(&scene.owner, "restart", json!({})).await), "action_unknown", "this build has not its plugin");
        let offered = scene.offered(&scene.owner).await;
        assert!(offered.actions.is_empty() && offered.condition.is_none() && offered.inventory.is_none() && offered.is_usual);
    }

    async fn only_what_is_in_use_can_be_acted_upon(world: World) {
        let scene = Scene::of(&world).await;
        let before = scene.stored().await;
        let activated = scene.resource_row().await.activated_at;
        for (state, activated, word) in [
            (ResourceState::Creating, None, "creating"),
            (ResourceState::Erred, None, "failed"),
            (ResourceState::Updating, activated, "updating"),
            (ResourceState::Terminating, activated, "terminating"),
            (ResourceState::Terminated, activated, "terminated"),
        ] {
            scene.set_resource(|row| { row.state = Set(state); row.activated_at = Set(activated); }).await;
            for (key, input) in [("restart", json!({})), ("note", json!({ "text": "x" })), ("note", json!({ "wrong": 1 }))] {
                let why = not_possible(scene.ask(&scene.owner, key, input).await);
                assert_eq!(why, format!("It is {word}: this is not possible now."));
            }
            if state == ResourceState::Terminated {
                let offered = scene.offered(&scene.owner).await;
                assert!(offered.actions.is_empty() && offered.condition.is_none() && offered.inventory.is_none());
            } else {
                assert!(!scene.why_not("restart").await.is_empty());
            }
        }
        assert_eq!(scene.stored().await, before);
        scene.set_resource(|row| row.state = Set(ResourceState::Erred)).await;
        scene.set_resource(|row| row.activated_at = Set(activated)).await;
        assert_eq!(scene.why_not("restart").await, "", "what failed to change is in use");
        scene.ask(&scene.owner, "restart", json!({})).await.unwrap();
    }

    async fn an_action_is_possible_in_its_conditions_only(world: World) {
        let scene = Scene::of(&world).await;
        assert_eq!(scene.offered(&scene.member).await.condition.unwrap().code, "running", "as it was made");
        let why = not_possible(scene.ask(&scene.member, "start", json!({})).await);
        assert_eq!((&*why, why.clone()), ("It is running: this is not possible now.", scene.why_not("start").await));
        scene.set_resource(|row| row.condition = Set("stopped".into())).await;
        let offered = scene.offered(&scene.member).await;
        assert_eq!((offered.condition.unwrap().label.as_str(), offered.is_usual), ("Stopped", false));
        assert!(not_possible(scene.ask(&scene.member, "stop", json!({})).await).contains("is stopped"));
        scene.set_resource(|row| row.state = Set(ResourceState::Erred)).await;
        assert!(not_possible(scene.ask(&scene.member, "stop", json!({})).await).contains("is stopped"), "not because it failed");
        let start = scene.ask(&scene.member, "start", json!({})).await.unwrap();
        scene.fail(start, "no").await;
        scene.set_resource(|row| row.condition = Set("hibernating".into())).await;
        let offered = scene.offered(&scene.member).await;
        assert_eq!((offered.condition.unwrap().code.as_str(), offered.is_usual), ("running", true), "of before");
        scene.ask(&scene.member, "stop", json!({})).await.unwrap();
    }

    async fn one_is_under_way_unless_it_goes_beside_others(world: World) {
        let scene = Scene::of(&world).await;
        let first = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        for key in ["restart", "stop"] {
            let why = not_possible(scene.ask(&scene.owner, key, json!({})).await);
            assert_eq!(why, "\u{201c}Restart\u{201d} is under way. Wait until that has ended.");
            assert_eq!(scene.why_not(key).await, why);
        }
        scene.note("beside").await;
        assert!(scene.begin(first).await.is_some());
        assert!(not_possible(scene.ask(&scene.owner, "stop", json!({})).await).contains("Restart"), "begun as well");
        scene.complete(first).await;
        let second = scene.ask(&scene.owner, "stop", json!({})).await.unwrap();
        world.domain().actions().withdraw(&scene.owner, second).await.unwrap();
        scene.ask(&scene.owner, "restart", json!({})).await.unwrap();
    }

    async fn twenty_at_most_are_under_way_at_once(world: World) {
        let scene = Scene::of(&world).await;
        let mut all = Vec::new();
        for number in 0..20 {
            assert_eq!(scene.why_not("note").await, "", "{number}");
            all.push(scene.note("x").await);
        }
        let before = scene.stored().await;
        let why = not_possible(scene.ask(&scene.owner, "note", json!({ "text": "x" })).await);
        assert!(why.contains("have to wait"), "{why}");
        assert_eq!(scene.why_not("note").await, why);
        assert_eq!(not_possible(scene.ask(&scene.owner, "restart", json!({})).await), why, "alone as well");
        assert_eq!(scene.stored().await, before);
        let other = world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await;
        let wish = Wish { key: "note".into(), input: SentValues::Json(json!({ "text": "x" })) };
        world.domain().actions().ask(&scene.owner, other, wish, (&scene.plugins, None)).await.unwrap();
        scene.fail(all[7], "over").await;
        scene.note("again").await;
    }

    async fn what_is_filled_in_is_checked_field_by_field(world: World) {
        let scene = Scene::of(&world).await;
        let before = scene.stored().await;
        let ask = async |key: &str, input| faults(scene.ask(&scene.owner, key, input).await);
        assert_eq!(ask("note", json!({})).await, ["input.text: required"]);
        assert_eq!(ask("note", json!({ "text": "x", "times": 10 })).await, ["input.times: out_of_range"]);
        assert_eq!(ask("note", json!({ "text": 1, "times": "x", "más": 1 })).await, [
            "input.text: wrong_type", "input.times: wrong_type", "input.más: unknown",
        ]);
        for input in [json!([]), json!("x"), json!(7)] {
            assert_eq!(ask("note", input).await, ["input: wrong_type"]);
        }
        assert_eq!(ask("restart", json!({ "force": true })).await, ["input.force: unknown"]);
        assert_eq!(ask("note", json!({ "text": "a\0b" })).await, ["input.text: control_character"]);
        assert_eq!(ask("rotate", json!({ "login": "x", "password": "a\0b" })).await.len(), 1, "in secrets too");
        assert_eq!(ask("note", json!({ "text": "x", "a\0b": 1 })).await.len(), 1, "in names too");
        assert_eq!(scene.stored().await, before);
    }

    async fn a_form_of_a_page_asks_the_same(world: World) {
        let scene = Scene::of(&world).await;
        let sent = |pairs: &[(&str, &str)]| Wish {
            key: "note".into(),
            input: SentValues::Form(pairs.iter().map(|(key, text)| ((*key).to_owned(), vec![(*text).to_owned()])).collect()),
        };
        let actions = world.domain().actions();
        let ask = async |pairs: &[(&str, &str)]| {
            actions.ask(&scene.member, scene.resource, sent(pairs), (&scene.plugins, None)).await
        };
        assert_eq!(faults(ask(&[("text", " "), ("times", "many")]).await), ["input.text: required", "input.times: not_a_number"]);
        let id = ask(&[("text", "Hello"), ("times", "3")]).await.unwrap();
        assert_eq!(scene.row(id).await.input, json!({ "text": "Hello", "times": 3 }));
        let rows = scene.shown(id).await.input;
        let rows: Vec<_> = rows.iter().map(|row| format!("{}={}", row.label, row.text)).collect();
        assert_eq!(rows, ["Text=Hello", "Times=3"]);
    }
}
