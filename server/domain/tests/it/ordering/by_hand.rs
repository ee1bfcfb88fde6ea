//! Orders that a person of the provider carries out.

use domain::ordering::Fulfilment;
use model::{AccessDetail, Field, FieldKind, Kind, OrderState, PageRequest, ResourceState, Schema};
use testkit::{World, both_engines};

use super::scene::{Scene, faults, more_cpu, refused, words};

/// An executing order whose plugin has answered that a person must do it.
async fn by_hand(scene: &Scene<'_>) -> model::OrderId {
    let id = scene.place(&scene.owner).await;
    let ordering = scene.world.operations().ordering();
    ordering
        .wait_for_provider(id, "somebody racks the server")
        .await
        .unwrap();
    scene.world.leaves_jobs();
    id
}

fn done() -> Fulfilment {
    Fulfilment {
        backend_id: "rack 7".into(),
        access: vec![AccessDetail {
            label: "Address".into(),
            value: "10.0.0.7".into(),
        }],
        note: "Have fun".into(),
    }
}

both_engines! {
    async fn the_provider_finds_it_in_the_queue_and_says_when_it_is_done(world: World) {
        let scene = Scene::of(&world).await;
        let id = by_hand(&scene).await;
        let ordering = world.domain().ordering();
        let waiting = scene.detail(&scene.member, id).await.waiting_for;
        let expected = format!("Waiting for somebody of {} since ", scene.provider.name);
        assert!(waiting.starts_with(&expected), "{waiting}");
        assert!(waiting.ends_with("Somebody racks the server."), "{waiting}");
        let queue = ordering.queue(&scene.provider.manager, PageRequest::default()).await.unwrap();
        assert_eq!(queue.items.iter().map(|order| order.id).collect::<Vec<_>>(), [id]);
        assert_eq!(ordering.queue_count(&scene.owner).await.unwrap(), 0);

        ordering.fulfil(&scene.provider.manager, id, done()).await.unwrap();
        let detail = scene.detail(&scene.member, id).await;
        assert_eq!((detail.summary.state, &*detail.waiting_for), (OrderState::Done, ""));
        let last = detail.timeline.last().unwrap();
        assert_eq!((&*last.by, &*last.note), (&*scene.provider.manager.name, "Have fun"));
        let resource = scene.resource_row(detail.summary.resource_id.unwrap()).await;
        assert_eq!((resource.state, &*resource.backend_id), (ResourceState::Ok, "rack 7"));
        assert_eq!(ordering.queue_count(&scene.provider.manager).await.unwrap(), 0);
    }

    async fn only_the_provider_fulfils(world: World) {
        let scene = Scene::of(&world).await;
        let id = by_hand(&scene).await;
        let ordering = world.domain().ordering();
        assert_eq!(refused(ordering.fulfil(&scene.owner, id, done()).await), Kind::Forbidden);
        assert_eq!(refused(ordering.cannot_fulfil(&world.stranger().await, id, "no").await), Kind::NotFound);
        assert_eq!(scene.state(id).await, OrderState::Executing);
    }

    async fn what_a_backend_does_by_itself_is_not_done_by_hand(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        let answer = world.domain().ordering().fulfil(&scene.provider.manager, id, done()).await;
        assert!(words(answer).contains("by itself"));
        world.leaves_jobs();
    }

    async fn a_new_resource_needs_a_name_and_a_change_keeps_it(world: World) {
        let scene = Scene::of(&world).await;
        let id = by_hand(&scene).await;
        let ordering = world.domain().ordering();
        let manager = &scene.provider.manager;
        let nameless = Fulfilment { backend_id: " ".into(), ..done() };
        assert_eq!(faults(ordering.fulfil(manager, id, nameless).await), ["backend_id: required"]);
        ordering.fulfil(manager, id, done()).await.unwrap();
        let resource = scene.row(id).await.resource_id.unwrap();
        let change = ordering.place_change_limits(&scene.owner, more_cpu(resource, 3), None).await.unwrap();
        world.operations().ordering().wait_for_provider(change, "").await.unwrap();
        ordering.fulfil(manager, change, Fulfilment::default()).await.unwrap();
        let row = scene.resource_row(resource).await;
        assert_eq!(row.backend_id, "rack 7");
        assert_eq!(row.access_details().unwrap()[0].value, "10.0.0.7");
        let end = ordering.place_terminate(&scene.owner, resource, "", None).await.unwrap();
        world.operations().ordering().wait_for_provider(end, "").await.unwrap();
        let named = faults(ordering.fulfil(manager, end, done()).await);
        assert_eq!(named, ["access: not_allowed", "backend_id: not_allowed"], "of what is gone");
        ordering.fulfil(manager, end, Fulfilment::default()).await.unwrap();
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Terminated);
    }

    async fn who_carries_it_out_reads_the_secret_answers_and_that_is_written_down(world: World) {
        let scene = Scene::of(&world).await;
        let form = Schema::new(vec![Field::new("token", "Access token", FieldKind::Secret).required()]);
        let form = serde_json::to_value(form).unwrap();
        scene.set_offering(|row| row.request_form = sea_orm::Set(form)).await;
        let answers = serde_json::json!({ "token": "very-secret-9" });
        let id = world.order(&scene.owner, &scene.project, &scene.offering).answers(answers).await;
        world.leaves_jobs();
        let ordering = world.domain().ordering();
        let manager = &scene.provider.manager;
        let early = ordering.secret_answers(manager, id).await;
        assert!(words(early).contains("by itself"), "a backend does it");
        world.operations().ordering().wait_for_provider(id, "").await.unwrap();
        assert!(scene.detail(&scene.owner, id).await.has_secret_answers);

        assert_eq!(refused(ordering.secret_answers(&scene.owner, id).await), Kind::Forbidden);
        assert_eq!(refused(ordering.secret_answers(&world.stranger().await, id).await), Kind::NotFound);
        let other = serde_json::to_value(Schema::new(vec![Field::new("token", "Colour", FieldKind::string())])).unwrap();
        scene.set_offering(|row| row.request_form = sea_orm::Set(other)).await;
        let shown = ordering.secret_answers(manager, id).await.unwrap();
        assert_eq!(shown.len(), 1);
        assert_eq!((&*shown[0].label, &*shown[0].text), ("Access token", "very-secret-9"));
        let timeline = scene.detail(&scene.owner, id).await.timeline;
        let last = timeline.last().unwrap();
        assert_eq!((&*last.text, &*last.by), ("Secret answers read", &*manager.name));
        assert!(!serde_json::to_string(&timeline).unwrap().contains("very-secret-9"));

        ordering.fulfil(manager, id, done()).await.unwrap();
        let late = ordering.secret_answers(manager, id).await;
        assert!(words(late).contains("does not wait"));
    }

    async fn the_buyer_reads_why_it_cannot_be_done(world: World) {
        let scene = Scene::of(&world).await;
        let id = by_hand(&scene).await;
        let ordering = world.domain().ordering();
        let manager = &scene.provider.manager;
        assert_eq!(faults(ordering.cannot_fulfil(manager, id, "").await), ["reason: required"]);
        ordering.cannot_fulfil(manager, id, "No such server is made any more.").await.unwrap();
        let detail = scene.detail(&scene.member, id).await;
        assert_eq!(detail.summary.state, OrderState::Erred);
        assert_eq!(detail.error, "No such server is made any more.");
    }

    async fn of_two_who_fulfil_one_order_the_second_is_told_unless_it_says_the_same(world: World) {
        let scene = Scene::of(&world).await;
        let id = by_hand(&scene).await;
        let ordering = world.domain().ordering();
        let manager = &scene.provider.manager;
        ordering.fulfil(manager, id, done()).await.unwrap();
        let before = (scene.row(id).await, scene.stored().await);
        for same in [done(), Fulfilment { note: String::new(), ..done() }, Fulfilment::default()] {
            ordering.fulfil(manager, id, same).await.unwrap();
        }
        let access = vec![AccessDetail { label: "Address".into(), value: "10.0.0.8".into() }];
        let others = [
            Fulfilment { backend_id: "rack 8".into(), ..done() },
            Fulfilment { access, ..done() },
            Fulfilment { note: "Have more fun".into(), ..done() },
        ];
        for other in others {
            assert_eq!(refused(ordering.fulfil(manager, id, other.clone()).await), Kind::Conflict, "{other:?}");
        }
        assert_eq!(refused(ordering.cannot_fulfil(manager, id, "Too late.").await), Kind::Conflict);
        assert_eq!((scene.row(id).await, scene.stored().await), before);
    }

    async fn of_two_who_refuse_one_order_the_second_is_told_unless_it_says_the_same(world: World) {
        let scene = Scene::of(&world).await;
        let id = by_hand(&scene).await;
        let ordering = world.domain().ordering();
        let manager = &scene.provider.manager;
        ordering.cannot_fulfil(manager, id, "No such server.").await.unwrap();
        ordering.cannot_fulfil(manager, id, " No such server. ").await.unwrap();
        assert_eq!(refused(ordering.cannot_fulfil(manager, id, "No power.").await), Kind::Conflict);
        assert_eq!(scene.detail(&scene.member, id).await.error, "No such server.");
    }
}
