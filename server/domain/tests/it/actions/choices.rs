//! Actions whose input is chosen from what the backend lists.

use domain::Actor;
use model::{FieldKind, ResourceId};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, faults, not_possible, wish};

/// What a page offers to choose: values and labels.
async fn choices(scene: &Scene<'_>, actor: &Actor, key: &str) -> Vec<(String, String)> {
    let offered = scene.offered(actor).await.actions;
    let one = offered.into_iter().find(|one| one.action.key == key).unwrap();
    let field = &one.action.input.fields[0];
    let all = field.kind.choices().iter();
    all.map(|choice| (choice.value.clone(), choice.label.clone()))
        .collect()
}

both_engines! {
    async fn where_nothing_is_listed_nothing_can_be_chosen(world: World) {
        let scene = Scene::of(&world).await;
        let before = scene.stored().await;
        for listed in [None, Some(&[][..])] {
            if let Some(listed) = listed {
                scene.lists(listed).await;
            }
            let why = not_possible(scene.ask(&scene.member, "hold", json!({ "job": "7" })).await);
            assert!(why.contains("lists nothing"), "{why}");
            assert_eq!(scene.why_not("hold").await, why);
            let given = faults(scene.ask(&scene.member, "release", json!({ "jobs": ["7"] })).await);
            assert_eq!(given, ["input.jobs: not_a_choice"], "where it may be left out, what is given is checked");
            assert_eq!(scene.why_not("release").await, "");
        }
        assert_eq!(scene.stored().await, before);
        scene.ask(&scene.member, "release", json!({})).await.unwrap();
    }

    async fn a_row_that_is_listed_is_chosen_and_no_other(world: World) {
        let scene = Scene::of(&world).await;
        scene.lists(&["7", "8"]).await;
        assert_eq!(scene.why_not("hold").await, "");
        let expected = ["7", "8"].map(|job| (job.to_owned(), format!("{job} · Queued")));
        assert_eq!(choices(&scene, &scene.member, "hold").await, expected);
        for job in ["9", "7 · Queued", "7,8"] {
            let refused = scene.ask(&scene.member, "hold", json!({ "job": job })).await;
            assert_eq!(faults(refused), ["input.job: not_a_choice"]);
        }
        assert_eq!(faults(scene.ask(&scene.member, "hold", json!({})).await), ["input.job: required"]);
        let id = scene.ask(&scene.member, "hold", json!({ "job": "8" })).await.unwrap();
        let row = scene.row(id).await;
        assert_eq!(row.input, json!({ "job": "8" }));
        let kept: Vec<_> = row.asked().unwrap().fields[0].kind.choices().to_vec();
        assert_eq!(kept.len(), 1, "what was chosen is enough to read it by");
        assert_eq!(scene.begin(id).await.unwrap().input, json!({ "job": "8" }));
        // What is listed later changes nothing of how it reads.
        scene.lists(&["11"]).await;
        assert_eq!(scene.shown(id).await.input[0].text, "8 · Queued");
    }

    async fn several_are_chosen_within_bounds(world: World) {
        let scene = Scene::of(&world).await;
        scene.lists(&["7", "8", "9"]).await;
        let many = scene.ask(&scene.member, "release", json!({ "jobs": ["7", "8", "9"] })).await;
        assert_eq!(faults(many), ["input.jobs: too_many"]);
        let id = scene.ask(&scene.member, "release", json!({ "jobs": ["9", "7"] })).await.unwrap();
        let asked = scene.row(id).await.asked().unwrap();
        let FieldKind::MultipleChoice { choices, .. } = &asked.fields[0].kind else { panic!("{asked:?}") };
        assert_eq!(choices.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(), ["7", "9"]);
        let none = scene.ask(&scene.member, "release", json!({ "jobs": [] })).await.unwrap();
        assert_eq!(scene.row(none).await.input, json!({}));
    }

    async fn what_is_listed_of_one_resource_is_not_chosen_for_another(world: World) {
        let scene = Scene::of(&world).await;
        scene.lists(&["7"]).await;
        let other: ResourceId = world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await;
        let actions = world.domain().actions();
        let hold = async || actions.ask(&scene.owner, other, wish("hold", json!({ "job": "7" })), (&scene.plugins, None)).await;
        assert!(not_possible(hold().await).contains("lists nothing"));
        let table = model::InventoryTable::new("nodes", "Nodes", &["Node"]);
        let table = model::InventoryTable { rows: vec![model::InventoryRow { key: "7".into(), cells: Vec::new() }], ..table };
        world.operations().actions().keep_parts(other, &[table], None).await.unwrap();
        assert!(not_possible(hold().await).contains("lists nothing"), "of another table");
    }
}
