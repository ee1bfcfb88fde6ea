//! Actions as workers carry them out, once and to one end.

use domain::actions::ActionEnd;
use model::{AccessDetail, ActionState, EventKind, Progress, ResourceState};
use sea_orm::Set;
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, code};

fn progress(done: u32, message: &str) -> Progress {
    Progress {
        done,
        total: 3,
        message: message.into(),
    }
}

fn line(label: &str, value: &str) -> AccessDetail {
    AccessDetail {
        label: label.into(),
        value: value.into(),
    }
}

fn now_in(condition: &str) -> ActionEnd {
    ActionEnd {
        message: "Done.".into(),
        output: vec![line("Node", "n7")],
        condition: Some(condition.into()),
    }
}

both_engines! {
    async fn it_is_begun_goes_on_and_is_done(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.operations().actions();
        let id = scene.ask(&scene.member, "stop", json!({})).await.unwrap();
        actions.progress(id, progress(1, "early")).await.unwrap();
        assert_eq!(scene.shown(id).await.progress, Progress::default(), "nothing has begun");
        let work = scene.begin(id).await.unwrap();
        assert_eq!((work.id, work.key.as_str(), work.condition.as_str()), (id, "stop", ""));
        assert_eq!((work.input, work.resource.resource_id), (json!({}), scene.resource));
        assert_eq!(work.resource.backend_id, Some(scene.resource_row().await.backend_id));
        let shown = scene.shown(id).await;
        assert_eq!((shown.state, shown.can_withdraw), (ActionState::Running, false));
        actions.progress(id, progress(2, " half\r\n\u{202E}way\0 ")).await.unwrap();
        assert_eq!(scene.shown(id).await.progress, progress(2, "half  way"));
        assert!(scene.begin(id).await.is_some(), "another worker goes on with it");
        assert_eq!(scene.shown(id).await.progress.done, 2);
        world.clock().advance(chrono::TimeDelta::minutes(5));
        actions.complete(id, now_in("stopped")).await.unwrap();
        let shown = scene.shown(id).await;
        assert_eq!((shown.state, shown.message.as_str(), shown.output), (ActionState::Done, "Done.", vec![line("Node", "n7")]));
        assert_eq!(shown.ended_at, Some(shown.asked_at + chrono::TimeDelta::minutes(5)));
        assert_eq!(shown.progress, Progress::default());
        assert_eq!(scene.resource_row().await.condition, "stopped");
        assert_eq!(scene.told().await, [
            format!("stop requested by {}: -", scene.member.name), "stop done by Stoa: Done.".into(),
        ]);
        assert!(scene.begin(id).await.is_none(), "it has ended");
        let start = scene.ask(&scene.member, "start", json!({})).await.unwrap();
        assert_eq!(scene.begin(start).await.unwrap().condition, "stopped");
        actions.complete(start, ActionEnd { condition: None, ..now_in("") }).await.unwrap();
        assert_eq!(scene.resource_row().await.condition, "stopped", "as before");
    }

    async fn what_has_ended_stays_as_it_ended(world: World) {
        let scene = Scene::of(&world).await;
        let (actions, people) = (world.operations().actions(), world.domain().actions());
        let ended = |state: &str| format!("{state} by another");
        for end in ["failed", "done", "withdrawn"] {
            let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
            match end {
                "failed" => scene.fail(id, &ended(end)).await,
                "done" => {
                    let end = ActionEnd { message: ended(end), ..ActionEnd::default() };
                    actions.complete(id, end).await.unwrap();
                }
                _ => people.withdraw(&scene.member, id).await.unwrap(),
            }
            let (row, told, resource) = (scene.row(id).await, scene.told().await, scene.resource_row().await);
            world.clock().advance(chrono::TimeDelta::minutes(1));
            actions.complete(id, now_in("stopped")).await.unwrap();
            actions.fail(id, "late").await.unwrap();
            actions.progress(id, progress(2, "late")).await.unwrap();
            assert!(scene.begin(id).await.is_none());
            assert_eq!(code(people.finish(&scene.provider.manager, id, ("", &[])).await), "action_not_possible");
            let again = code(people.withdraw(&scene.member, id).await);
            assert_eq!(again, if end == "withdrawn" { "done" } else { "action_over" });
            assert_eq!((scene.row(id).await, scene.told().await, scene.resource_row().await), (row, told, resource), "{end}");
        }
    }

    async fn what_was_taken_back_is_not_begun_and_what_was_begun_is_not_taken_back(world: World) {
        let scene = Scene::of(&world).await;
        let people = world.domain().actions();
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        people.withdraw(&scene.owner, id).await.unwrap();
        assert_eq!(scene.jobs().await.len(), 1, "the job comes and finds nothing to do");
        assert!(scene.begin(id).await.is_none());
        let row = scene.row(id).await;
        assert_eq!((row.state, row.ended_at.is_some()), (ActionState::Withdrawn, true));
        assert_eq!(scene.told().await[1], format!("restart withdrawn by {}: -", scene.owner.name));
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        scene.begin(id).await.unwrap();
        assert_eq!(code(people.withdraw(&scene.member, id).await), "action_over");
        assert_eq!(scene.row(id).await.state, ActionState::Running);
    }

    async fn when_its_turn_comes_too_late_nothing_is_asked_of_the_backend(world: World) {
        let scene = Scene::of(&world).await;
        for (state, word) in [
            (ResourceState::Updating, "updating"),
            (ResourceState::Terminating, "terminating"),
            (ResourceState::Terminated, "terminated"),
        ] {
            let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
            scene.set_resource(|row| row.state = Set(state)).await;
            assert!(scene.begin(id).await.is_none());
            let expected = format!("The resource was {word} when its turn came, so nothing was done.");
            assert_eq!(scene.end_of(id).await, (ActionState::Failed, expected.clone()));
            assert_eq!(scene.told().await.last().unwrap(), &format!("restart failed by Stoa: {expected}"));
            scene.set_resource(|row| row.state = Set(ResourceState::Ok)).await;
        }
    }

    async fn what_was_begun_is_not_said_to_have_done_nothing(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        scene.begin(id).await.unwrap();
        scene.set_resource(|row| row.state = Set(ResourceState::Updating)).await;
        assert!(scene.begin(id).await.is_none());
        let (state, words) = scene.end_of(id).await;
        assert_eq!(state, ActionState::Failed);
        assert!(words.contains("before this had ended") && !words.contains("nothing was done"), "{words}");
    }

    async fn an_end_comes_through_whatever_became_of_the_resource(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.operations().actions();
        let id = scene.ask(&scene.member, "stop", json!({})).await.unwrap();
        scene.begin(id).await.unwrap();
        scene.set_resource(|row| row.state = Set(ResourceState::Terminated)).await;
        actions.complete(id, now_in("stopped")).await.unwrap();
        assert_eq!(scene.row(id).await.state, ActionState::Done);
        assert_eq!(scene.resource_row().await.condition, "", "what is gone is in none");
    }

    async fn what_a_backend_says_fits_and_is_a_line(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.operations().actions();
        let wild = format!("a\0b\n\u{1b}[31m\u{202E}{}", "x".repeat(10_000));
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        scene.begin(id).await.unwrap();
        let end = ActionEnd {
            message: wild.clone(),
            output: (0..1_000).map(|_| line(&wild, &wild)).collect(),
            condition: Some("stop\0ped".into()),
        };
        actions.complete(id, end).await.unwrap();
        let shown = scene.shown(id).await;
        assert_eq!(shown.output.len(), 50);
        for (text, most) in [(&shown.message, 500), (&shown.output[0].label, 500), (&shown.output[49].value, 2_000)] {
            let length = text.chars().count();
            assert!(text.starts_with("ab [31mxx") && length > most / 2 && length <= most, "{length}: {text}");
        }
        assert_eq!(scene.resource_row().await.condition, "stopped");
        let id = scene.ask(&scene.member, "start", json!({})).await.unwrap();
        scene.fail(id, &wild).await;
        let (_, words) = scene.end_of(id).await;
        assert!(words.starts_with("ab [31mxx") && words.chars().count() <= 500, "{words}");
    }

    async fn the_log_reads_what_was_done(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        scene.fail(id, "No nodes.").await;
        let log = world.domain().audit();
        for (actor, scope) in [
            (&scene.owner, model::Scope::Organization(scene.buyer.id)),
            (&scene.owner, model::Scope::Project(scene.project.id)),
            (&scene.provider.manager, model::Scope::Provider(scene.provider.id)),
        ] {
            let page = log.list(actor, scope, &model::PageRequest::default()).await.unwrap().items;
            let newest = &page[0];
            assert_eq!(newest.verb, EventKind::ResourceActionFailed.as_str());
            assert!(newest.text.contains("Restart"), "{}", newest.text);
            assert_eq!((newest.reason.as_str(), newest.after["action_state"].as_str()), ("No nodes.", Some("erred")));
            assert_eq!(newest.after["action"], json!(id));
        }
    }

    async fn the_log_of_a_resource_tells_its_states_as_before(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        scene.begin(id).await.unwrap();
        scene.complete(id).await;
        let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
        world.domain().actions().withdraw(&scene.member, id).await.unwrap();
        let end = world.domain().ordering().place_terminate(&scene.owner, scene.resource, "", None).await.unwrap();
        world.operations().ordering().fail(end, "There are snapshots.").await.unwrap();
        scene.note("x").await;
        assert_eq!(world.operations().verify().run().await.unwrap(), [], "an action is no move of its resource");
    }
}
