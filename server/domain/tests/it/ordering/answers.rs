//! Answers to request forms stay readable, whatever the offering asks later.

use entity::order;
use model::{DisplayRow, Field, FieldKind, OrderId, ResourceId, Schema};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;
use testkit::{Offering, World, both_engines};

use super::scene::{Scene, more_cpu};

fn asked() -> Schema {
    Schema::new(vec![
        Field::new("purpose", "What for", FieldKind::string()),
        Field::new("nodes", "Nodes", nodes("nodes")),
        Field::new("unused", "Unused", FieldKind::string()),
    ])
}

fn nodes(unit: &str) -> FieldKind {
    FieldKind::Integer {
        min: None,
        max: None,
        step: None,
        unit: Some(unit.into()),
    }
}

async fn asks(scene: &Scene<'_>, offering: &Offering, form: Schema) {
    let catalogue = scene.world.domain().catalogue();
    let manager = &scene.provider.manager;
    let revision = catalogue
        .offering(Some(manager), &offering.slug)
        .await
        .unwrap()
        .revision;
    catalogue
        .set_request_form(manager, offering.id, &form, revision)
        .await
        .unwrap();
}

fn texts(rows: &[DisplayRow]) -> Vec<(&str, &str)> {
    rows.iter()
        .map(|row| (row.label.as_str(), row.text.as_str()))
        .collect()
}

/// Both sides read these on the page of the order and on that of the resource.
async fn all_read(
    scene: &Scene<'_>,
    (orders, resource): (&[OrderId], ResourceId),
    expected: &[(&str, &str)],
) {
    let world = scene.world;
    for reader in [&scene.member, &scene.provider.manager] {
        for id in orders {
            assert_eq!(texts(&scene.detail(reader, *id).await.answers), expected);
        }
        let shown = world
            .domain()
            .provisioning()
            .resource(reader, resource)
            .await
            .unwrap();
        assert_eq!(texts(&shown.answers), expected);
    }
}

both_engines! {
    async fn answers_are_shown_by_the_questions_that_were_asked(world: World) {
        let scene = Scene::of(&world).await;
        asks(&scene, &scene.offering, asked()).await;
        let answers = json!({ "purpose": "Ice", "nodes": 3 });
        let order = world.order(&scene.owner, &scene.project, &scene.offering).answers(answers);
        let id = order.await;
        world.run_jobs().await;
        let resource = scene.row(id).await.resource_id.unwrap();
        let change = world.domain().ordering().place_change_limits(&scene.owner, more_cpu(resource, 8), None).await.unwrap();
        world.run_jobs().await;
        let expected = [("What for", "Ice"), ("Nodes", "3 nodes")];
        all_read(&scene, (&[id, change], resource), &expected).await;
        let kept = scene.row(id).await.request_form.unwrap();
        assert_eq!(kept["fields"].as_array().unwrap().len(), 2, "only what was answered");
        assert_eq!(scene.row(change).await.request_form, None);

        // One question is gone, one means something else now, one is new.
        let other = vec![Field::new("nodes", "Racks", nodes("racks")), Field::new("colour", "Colour", FieldKind::string())];
        asks(&scene, &scene.offering, Schema::new(other)).await;
        all_read(&scene, (&[id, change], resource), &expected).await;
        asks(&scene, &scene.offering, Schema::default()).await;
        all_read(&scene, (&[id, change], resource), &expected).await;
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn answers_of_before_are_shown_by_the_present_form_and_what_it_lacks_by_its_key(world: World) {
        let scene = Scene::of(&world).await;
        asks(&scene, &scene.offering, asked()).await;
        let answers = json!({ "purpose": "Ice", "nodes": 3 });
        let resource = world.order(&scene.owner, &scene.project, &scene.offering).answers(answers).fulfilled().await;
        let id = scene.resource_row(resource).await.order_id;
        let row = order::ActiveModel { id: Set(id), request_form: Set(None), ..Default::default() };
        row.update(world.db()).await.unwrap();
        all_read(&scene, (&[id], resource), &[("What for", "Ice"), ("Nodes", "3 nodes")]).await;
        asks(&scene, &scene.offering, Schema::new(vec![Field::new("nodes", "Racks", nodes("racks"))])).await;
        all_read(&scene, (&[id], resource), &[("Racks", "3 racks"), ("purpose", "Ice")]).await;
    }

    async fn an_order_without_answers_keeps_no_questions(world: World) {
        let scene = Scene::of(&world).await;
        asks(&scene, &scene.offering, asked()).await;
        let id = scene.place(&scene.member).await;
        assert_eq!(scene.row(id).await.request_form, None);
        assert_eq!(scene.detail(&scene.owner, id).await.answers, []);
    }
}
