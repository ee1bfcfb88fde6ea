//! The parts that a backend lists of a resource, and the condition that it shows it in.

use domain::jobs::Job;
use domain::jobs::kinds::ListParts;
use entity::resource_parts;
use model::{
    InventoryRow, InventoryTable, MOST_INVENTORY_ROWS, ResourceInventory, ResourceState, Role, Scope,
};
use sea_orm::{EntityTrait, PaginatorTrait, Set};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, code, not_possible};

async fn listed(scene: &Scene<'_>) -> ResourceInventory {
    scene.offered(&scene.member).await.inventory.unwrap()
}

async fn waiting(scene: &Scene<'_>) -> Vec<String> {
    let jobs = scene.world.pending_jobs().await.into_iter();
    jobs.filter(|job| job.kind == ListParts::NAME)
        .map(|job| job.subject)
        .collect()
}

both_engines! {
    async fn they_are_asked_for_once_at_a_time_by_whoever_uses_the_resource(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.domain().actions();
        let never = listed(&scene).await;
        assert_eq!((never.taken_at, never.is_being_taken, never.tables.len(), never.error.as_str()), (None, false, 0, ""));
        for actor in [&scene.member, &scene.owner, &scene.provider.manager] {
            actions.list_parts(actor, scene.resource, &scene.plugins).await.unwrap();
        }
        world.operations().actions().look_again(scene.resource).await.unwrap();
        assert_eq!(waiting(&scene).await, [format!("resource {}", scene.resource)]);
        assert!(listed(&scene).await.is_being_taken);
        let other = world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await;
        let page = actions.of_resource(&scene.member, other, &scene.plugins).await.unwrap();
        assert!(!page.inventory.unwrap().is_being_taken, "of another resource");
        let reader = world.person(Role::ProjectReader, Scope::Project(scene.project.id)).await;
        assert_eq!(code(actions.list_parts(&reader, scene.resource, &scene.plugins).await), "forbidden");
        assert!(scene.offered(&reader).await.inventory.is_some(), "what is listed is read by all");
        world.operations().actions().look_again(model::ResourceId(uuid::Uuid::nil())).await.unwrap();
    }

    async fn a_page_offers_to_list_them_where_that_is_possible(world: World) {
        let scene = Scene::of(&world).await;
        let activated = scene.resource_row().await.activated_at;
        let reader = world.person(Role::ProjectReader, Scope::Project(scene.project.id)).await;
        let actions = world.domain().actions();
        for (state, activated) in [
            (ResourceState::Creating, None),
            (ResourceState::Erred, None),
            (ResourceState::Erred, activated),
            (ResourceState::Ok, activated),
            (ResourceState::Updating, activated),
            (ResourceState::Terminating, activated),
            (ResourceState::Terminated, activated),
        ] {
            scene.set_resource(|row| { row.state = Set(state); row.activated_at = Set(activated); }).await;
            for actor in [&scene.member, &scene.provider.manager, &reader] {
                let offered = scene.offered(actor).await.inventory.is_some_and(|inventory| inventory.can_list);
                let done = actions.list_parts(actor, scene.resource, &scene.plugins).await.is_ok();
                assert_eq!(offered, done, "{} in {state}", actor.name);
            }
        }
    }

    async fn they_are_not_asked_for_where_there_are_none(world: World) {
        let mut scene = Scene::of(&world).await;
        let list = async |scene: &Scene<'_>| {
            world.domain().actions().list_parts(&scene.member, scene.resource, &scene.plugins).await
        };
        let activated = scene.resource_row().await.activated_at;
        for (state, activated) in [(ResourceState::Creating, None), (ResourceState::Erred, None), (ResourceState::Terminated, activated)] {
            scene.set_resource(|row| { row.state = Set(state); row.activated_at = Set(activated); }).await;
            assert!(not_possible(list(&scene).await).contains("nothing on a backend"), "{state}");
        }
        scene.set_resource(|row| row.state = Set(ResourceState::Ok)).await;
        let condition = model::Condition { field: "acts_as".into(), equals: vec!["machine".into()] };
        scene.plugins[1].parts_offered_when = Some(condition);
        assert!(not_possible(list(&scene).await).contains("nothing on a backend"), "not of this offering");
        assert!(scene.offered(&scene.member).await.inventory.is_none());
        scene.set_offering(|row| row.settings = Set(json!({ "acts_as": "machine" }))).await;
        list(&scene).await.unwrap();
        scene.plugins[1].lists_parts = false;
        assert!(not_possible(list(&scene).await).contains("nothing on a backend"));
        assert!(scene.offered(&scene.member).await.inventory.is_none());
        assert_eq!(waiting(&scene).await.len(), 1);
    }

    async fn what_was_listed_is_kept_until_it_is_listed_anew(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.operations().actions();
        scene.lists(&["7", "8"]).await;
        let first = listed(&scene).await;
        assert_eq!((first.taken_at, first.error.as_str()), (Some(domain::Clock::now(world.clock())), ""));
        assert_eq!(first.tables[0].rows[1].cells, ["8", "Queued"]);
        world.clock().advance(chrono::TimeDelta::minutes(5));
        actions.miss_parts(scene.resource, "away\0\n\u{202E}now").await.unwrap();
        let missed = listed(&scene).await;
        assert_eq!(missed.error, "away now");
        assert_eq!((missed.taken_at, &missed.tables), (first.taken_at, &first.tables), "as it was when it answered");
        scene.ask(&scene.member, "hold", json!({ "job": "8" })).await.unwrap();
        scene.lists(&["9"]).await;
        let anew = listed(&scene).await;
        assert_eq!((anew.error.as_str(), anew.tables[0].rows.len()), ("", 1));
        assert!(anew.taken_at > first.taken_at);
        assert_eq!(resource_parts::Entity::find().count(world.db()).await.unwrap(), 1);
    }

    async fn a_backend_that_never_answered_says_why(world: World) {
        let scene = Scene::of(&world).await;
        world.operations().actions().miss_parts(scene.resource, "away").await.unwrap();
        let missed = listed(&scene).await;
        assert_eq!((missed.taken_at, missed.tables.len(), missed.error.as_str()), (None, 0, "away"));
    }

    async fn whatever_is_listed_fits_and_is_text(world: World) {
        let scene = Scene::of(&world).await;
        let wild = format!("a\0b\n\u{1b}\u{202E}{}", "x".repeat(10_000));
        let row = |key: String| InventoryRow { key, cells: vec![wild.clone(); 30] };
        let table = InventoryTable {
            code: wild.clone(),
            title: wild.clone(),
            columns: vec![wild.clone(); 30],
            rows: (0..300).map(|n| row(n.to_string())).collect(),
            cut: false,
        };
        world.operations().actions().keep_parts(scene.resource, &vec![table; 30], None).await.unwrap();
        let tables = listed(&scene).await.tables;
        assert_eq!(tables.len(), 20);
        let first = &tables[0];
        assert_eq!((first.columns.len(), first.cut), (20, true));
        assert!((1..MOST_INVENTORY_ROWS).contains(&first.rows.len()), "all tables together are bounded, too");
        assert!(first.rows.iter().all(|row| row.cells.len() == 20));
        for text in [&first.code, &first.title, &first.columns[0], &first.rows[0].cells[0]] {
            assert!(text.starts_with("ab xx") && text.chars().count() <= 500, "{text}");
        }
    }

    async fn rows_that_cannot_be_told_apart_are_not_listed(world: World) {
        let scene = Scene::of(&world).await;
        let long = "9".repeat(600);
        scene.lists(&["7", "", "7", "8\0", " 9", &long, "10"]).await;
        let table = &listed(&scene).await.tables[0];
        assert_eq!(table.rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["7", "10"]);
        assert!(table.cut, "there are more");
        scene.ask(&scene.member, "hold", json!({ "job": "10" })).await.unwrap();
    }

    async fn the_condition_that_the_backend_shows_is_believed(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.operations().actions();
        let shows = async |condition: Option<&str>| {
            actions.keep_parts(scene.resource, &[], condition.map(str::to_owned)).await.unwrap();
            actions.condition_of(scene.resource).await.unwrap()
        };
        assert_eq!(shows(None).await, "", "it cannot tell");
        assert_eq!(shows(Some("stopped")).await, "stopped", "somebody stopped it there");
        assert_eq!(shows(None).await, "stopped");
        assert_eq!(scene.offered(&scene.member).await.condition.unwrap().code, "stopped");
        let start = scene.ask(&scene.member, "start", json!({})).await.unwrap();
        scene.begin(start).await.unwrap();
        let end = domain::actions::ActionEnd { condition: Some("running".into()), ..Default::default() };
        actions.complete(start, end).await.unwrap();
        assert_eq!(shows(None).await, "running");
        assert_eq!(shows(Some("stopped")).await, "stopped", "whatever an action led to");
        assert_eq!(shows(Some("run\0ning\u{202E}")).await, "running", "within bounds");
        scene.set_resource(|row| row.state = Set(ResourceState::Terminated)).await;
        assert_eq!(shows(Some("stopped")).await, "running", "what is gone is in none");
    }
}
