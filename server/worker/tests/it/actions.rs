//! Actions from asking to their end, and the parts of a resource.

use std::time::Duration;

use chrono::TimeDelta;
use domain::jobs::{Limits, NewJob, kinds::ListParts};
use model::{ActionState, InventoryTable, JobState, Kind};
use plugins::{ActionOutcome, Detail, Plugin, PluginError};
use serde_json::json;
use testkit::{World, both_engines};

use crate::scene::Scene;

fn away() -> PluginError {
    PluginError::Retry {
        after: Duration::from_secs(5),
        reason: "the controller does not answer".into(),
    }
}

both_engines! {
    async fn it_is_done_and_its_backend_is_looked_at_again(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask("stop", json!({})).await;
        assert_eq!(scene.work().await, 2, "the action, and its parts after it");
        let shown = scene.shown(id).await;
        assert_eq!((shown.state, shown.message.as_str()), (ActionState::Done, "It is switched off."));
        assert_eq!(shown.progress.message, "", "it has ended");
        let asked = scene.fake.actions_done();
        assert_eq!((asked.len(), asked[0].id, asked[0].key.as_str(), asked[0].condition.as_str()), (1, id, "stop", "on"));
        let offered = scene.offered().await;
        assert_eq!((offered.condition.unwrap().code.as_str(), offered.is_usual), ("off", false));
        let inventory = offered.inventory.unwrap();
        assert_eq!((inventory.tables[0].code.as_str(), inventory.is_being_taken), ("disks", false));
        assert!(inventory.taken_at.is_some());
        let start = scene.ask("start", json!({})).await;
        scene.work().await;
        assert_eq!(scene.fake.actions_done()[1].condition, "off");
        assert_eq!(scene.end_of(start).await.0, ActionState::Done);
        assert!(scene.waiting().await.is_empty());
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_part_that_is_listed_is_acted_upon(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.domain().actions();
        actions.list_parts(&scene.member, scene.resource, &scene.plugins).await.unwrap();
        scene.work().await;
        let id = scene.ask("resize_disk", json!({ "disk": "data", "size": 300 })).await;
        scene.work().await;
        assert_eq!(scene.end_of(id).await, (ActionState::Done, "The disk data has 300 GB.".into()));
        let tables = scene.offered().await.inventory.unwrap().tables;
        assert_eq!(tables[0].rows[1].cells, ["data", "300 GB"], "listed anew by itself");
        // The list is not of today any more.
        scene.fake.answer_next_action(Err(PluginError::refused("There is no disk data any more.")));
        let id = scene.ask("resize_disk", json!({ "disk": "data", "size": 10 })).await;
        scene.work().await;
        let (state, words) = scene.end_of(id).await;
        assert_eq!(state, ActionState::Failed);
        assert!(words.contains("There is no disk data any more."), "{words}");
        assert!(scene.waiting().await.is_empty(), "it is not tried again");
        scene.ask("restart", json!({})).await;
    }

    async fn what_takes_longer_than_two_hours_is_given_up(world: World) {
        let scene = Scene::of(&world).await;
        for _ in 0..3 {
            scene.fake.answer_next_action(Ok(ActionOutcome::Pending {
                poll_after: Duration::from_mins(59),
                waiting_for: "The node does not answer.".into(),
            }));
        }
        let id = scene.ask("restart", json!({})).await;
        for _ in 0..3 {
            assert!(!scene.end_of(id).await.0.is_terminal());
            scene.work_after(TimeDelta::minutes(60)).await;
        }
        let (state, words) = scene.end_of(id).await;
        assert_eq!(state, ActionState::Failed);
        assert!(words.contains("within two hours") && words.ends_with("The node does not answer."), "{words}");
        assert!(scene.fake.actions_done().len() == 3, "and others have their turn: {words}");
        scene.ask("stop", json!({})).await;
    }

    async fn what_takes_a_while_is_brought_again_until_it_is_done(world: World) {
        let scene = Scene::of(&world).await;
        for minute in 0..12 {
            scene.fake.answer_next_action(Ok(ActionOutcome::Pending {
                poll_after: Duration::from_mins(1),
                waiting_for: format!("Minute {minute}"),
            }));
        }
        let output = vec![Detail { label: "Node".into(), value: "n7".into() }];
        let done = ActionOutcome::Done { message: "At last.".into(), output, condition: Some("off".into()) };
        scene.fake.answer_next_action(Ok(done));
        let id = scene.ask("restart", json!({})).await;
        for minute in 0..12 {
            assert_eq!(scene.work_after(TimeDelta::seconds(61)).await, 1, "{minute}");
            let shown = scene.shown(id).await;
            assert_eq!((shown.state, shown.progress.message), (ActionState::Running, format!("Minute {minute}")));
            assert_eq!(world.operations().actions().end_lost().await.unwrap(), 0, "somebody works on it");
            assert_eq!(scene.work().await, 0, "not before its time");
        }
        scene.work_after(TimeDelta::seconds(61)).await;
        let shown = scene.shown(id).await;
        assert_eq!((shown.state, shown.message.as_str(), shown.output[0].value.as_str()), (ActionState::Done, "At last.", "n7"));
        let asked = scene.fake.actions_done();
        assert!(asked.len() == 13 && asked.iter().all(|one| one.id == id), "the same wish each time");
        let slow = scene.ask("slow", json!({})).await;
        scene.work().await;
        assert_eq!(scene.end_of(slow).await, (ActionState::Done, "It took a while.".into()));
    }

    async fn a_backend_that_is_away_is_tried_again_and_given_up(world: World) {
        let scene = Scene::of(&world).await;
        scene.fake.answer_next_action(Err(away()));
        let id = scene.ask("restart", json!({})).await;
        scene.work().await;
        let shown = scene.shown(id).await;
        assert_eq!(shown.state, ActionState::Running);
        assert!(shown.progress.message.contains("not reachable"), "{}", shown.progress.message);
        scene.work_after(TimeDelta::minutes(30)).await;
        assert_eq!(scene.end_of(id).await.0, ActionState::Done, "it is back");

        let id = scene.ask("restart", json!({})).await;
        let most = world.pending_jobs().await[0].max_attempts;
        for _ in 0..most {
            assert_eq!(scene.shown(id).await.ended_at, None);
            scene.fake.answer_next_action(Err(away()));
            scene.work_after(TimeDelta::minutes(30)).await;
        }
        let (state, words) = scene.end_of(id).await;
        assert_eq!(state, ActionState::Failed);
        assert!(words.contains("the controller does not answer"), "{words}");
        assert!(scene.waiting().await.is_empty());
        assert_eq!(scene.fake.actions_done().len(), usize::try_from(most).unwrap() + 2);
        let again = scene.ask("restart", json!({})).await;
        scene.work().await;
        assert_eq!(scene.end_of(again).await.0, ActionState::Done, "it can be asked for anew");
    }

    async fn what_is_refused_fails_with_its_words(world: World) {
        let scene = Scene::of(&world).await;
        for (error, words) in [
            (PluginError::refused("It is\0 locked\u{202E}."), "It is locked."),
            (PluginError::NeedsOperator { reason: "The key has run out.".into() }, "The key has run out."),
            (PluginError::unknown_action("restart"), "has no action \"restart\""),
        ] {
            scene.fake.answer_next_action(Err(error));
            let id = scene.ask("restart", json!({})).await;
            scene.work().await;
            let (state, told) = scene.end_of(id).await;
            assert_eq!(state, ActionState::Failed);
            assert!(told.contains(words), "{told}");
            assert!(scene.waiting().await.is_empty(), "it is not tried again");
        }
    }

    async fn what_was_taken_back_or_came_too_late_is_not_brought(world: World) {
        let scene = Scene::of(&world).await;
        let taken_back = scene.ask("restart", json!({})).await;
        world.domain().actions().withdraw(&scene.member, taken_back).await.unwrap();
        let late = scene.ask("stop", json!({})).await;
        world.domain().ordering().place_terminate(&scene.owner, scene.resource, "", None).await.unwrap();
        scene.work().await;
        assert_eq!(scene.fake.actions_done().len(), 0);
        assert_eq!(scene.end_of(taken_back).await.0, ActionState::Withdrawn);
        let (state, words) = scene.end_of(late).await;
        assert_eq!(state, ActionState::Failed);
        assert!(words.contains("nothing was done"), "{words}");
        assert!(scene.waiting().await.is_empty());
    }

    async fn what_waits_for_its_turn_on_a_busy_backend_can_be_taken_back(world: World) {
        let scene = Scene::of(&world).await;
        let jobs = world.operations().jobs();
        let other = world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await;
        let busy = NewJob::now(&ListParts { resource_id: other }).unwrap().on_backend(scene.fake.kind());
        jobs.enqueue(busy).await.unwrap();
        let one = Limits { per_backend: 1 };
        let held = jobs.lease("other", &["list_parts"], Duration::from_hours(1), one).await.unwrap().unwrap();
        let id = scene.ask("restart", json!({})).await;
        world.clock().advance(TimeDelta::seconds(1));
        scene.worker(1).run_due().await.unwrap();
        let shown = scene.shown(id).await;
        assert_eq!((shown.state, shown.can_withdraw), (ActionState::Waiting, true));
        assert_eq!(scene.fake.actions_done().len(), 0);
        world.domain().actions().withdraw(&scene.member, id).await.unwrap();
        jobs.done(held.id, "other").await.unwrap();
        scene.work().await;
        assert_eq!(scene.fake.actions_done().len(), 0);
        assert!(scene.waiting().await.is_empty());
    }

    async fn actions_of_one_resource_are_brought_one_after_the_other(world: World) {
        let scene = Scene::of(&world).await;
        scene.fake.answer_next_action(Ok(ActionOutcome::done("One.")));
        let id = scene.ask("restart", json!({})).await;
        let jobs = world.operations().jobs();
        let minute = Duration::from_mins(1);
        let held = jobs.lease("other", &["run_action"], minute, Limits::default()).await.unwrap().unwrap();
        world.domain().actions().list_parts(&scene.member, scene.resource, &scene.plugins).await.unwrap();
        assert_eq!(scene.work().await, 0, "another worker is at the resource");
        // That worker is gone, and what it began is begun again.
        world.operations().actions().begin(id).await.unwrap().unwrap();
        assert_eq!(scene.work_after(TimeDelta::minutes(2)).await, 2);
        assert_eq!(scene.end_of(id).await, (ActionState::Done, "One.".into()));
        assert!(jobs.done(held.id, "other").await.is_err());
    }

    async fn a_lost_action_is_ended_by_the_schedule(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask("restart", json!({})).await;
        let jobs = world.operations().jobs();
        let minute = Duration::from_mins(1);
        let held = jobs.lease("other", &["run_action"], minute, Limits::default()).await.unwrap().unwrap();
        jobs.dead(&held, "other", "gone").await.unwrap();
        assert_eq!(world.operations().actions().end_lost().await.unwrap(), 1);
        let (state, words) = scene.end_of(id).await;
        assert_eq!(state, ActionState::Failed);
        assert!(words.contains("ask again"), "{words}");
        scene.work().await;
        assert_eq!(scene.fake.actions_done().len(), 0);
    }

    async fn parts_that_cannot_be_listed_say_why_and_are_kept(world: World) {
        let scene = Scene::of(&world).await;
        let list = async || {
            world.domain().actions().list_parts(&scene.member, scene.resource, &scene.plugins).await.unwrap();
            scene.work().await;
            scene.offered().await.inventory.unwrap()
        };
        assert_eq!(list().await.tables[0].rows.len(), 2);
        scene.fake.set_parts(Err(away()));
        let missed = list().await;
        assert!(missed.error.contains("the controller does not answer"), "{}", missed.error);
        assert_eq!((missed.tables[0].rows.len(), missed.is_being_taken), (2, false));
        scene.fake.set_parts(Ok(vec![InventoryTable::new("nodes", "Nodes", &["Node"])]));
        let anew = list().await;
        assert_eq!((anew.error.as_str(), anew.tables[0].code.as_str()), ("", "nodes"));
    }

    async fn parts_of_what_is_gone_are_not_asked_for(world: World) {
        let scene = Scene::of(&world).await;
        world.domain().actions().list_parts(&scene.member, scene.resource, &scene.plugins).await.unwrap();
        world.domain().ordering().place_terminate(&scene.owner, scene.resource, "", None).await.unwrap();
        scene.fake.set_parts(Err(away()));
        scene.work().await;
        world.operations().actions().look_again(scene.resource).await.unwrap();
        assert_eq!(scene.work().await, 1);
        assert!(scene.offered().await.inventory.is_none());
        assert!(scene.waiting().await.iter().all(|(_, state)| *state != JobState::Leased));
        let refused = world.domain().actions().list_parts(&scene.member, scene.resource, &scene.plugins).await;
        assert_eq!(refused.unwrap_err().kind(), Kind::Conflict);
    }
}
