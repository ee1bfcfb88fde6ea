use std::time::Duration;

use model::ids::ActionId;
use serde_json::json;

use super::*;
use crate::{
    Silent,
    contract::{self, Fixture},
};

#[tokio::test]
async fn it_keeps_the_contract() {
    contract::run(&FakePlugin::new(), &Fixture::plain())
        .await
        .unwrap();
}

#[tokio::test]
async fn scripted_answers_come_in_order_and_have_no_effect() {
    let fake = FakePlugin::new();
    let request = Fixture::plain().request;
    let down = PluginError::retry(Duration::from_secs(1), "It is down.");
    let pending = Outcome::Pending {
        poll_after: Some(Duration::from_secs(1)),
        waiting_for: "A while.".into(),
    };
    fake.answer_next(Verb::Provision, Err(down.clone()));
    fake.answer_next(Verb::Provision, Ok(pending.clone()));
    assert_eq!(fake.provision(&request, &Silent).await, Err(down));
    assert_eq!(fake.poll(Verb::Provision, &request, &Silent).await, Ok(pending));
    assert!(fake.objects().is_empty());
    assert!(matches!(
        fake.provision(&request, &Silent).await,
        Ok(Outcome::Ready { .. })
    ));
    assert_eq!((fake.objects().len(), fake.calls().len()), (1, 3));
}

/// The suite must notice a plugin that breaks what it promises; otherwise passing it says nothing.
#[tokio::test]
async fn the_contract_notices_two_objects_for_one_order() {
    let fake = FakePlugin::new();
    let other = Outcome::Ready {
        backend_id: "fake-other".into(),
        details: Vec::new(),
    };
    let first = Outcome::Ready {
        backend_id: "fake-one".into(),
        details: Vec::new(),
    };
    fake.answer_next(Verb::Provision, Ok(first));
    fake.answer_next(Verb::Provision, Ok(other));
    let breaches = contract::run(&fake, &Fixture::plain()).await.unwrap_err();
    assert!(breaches.to_string().contains("another backend id"), "{breaches}");
}

fn wish(key: &str, input: serde_json::Value) -> ActionRequest {
    ActionRequest {
        id: ActionId(uuid::Uuid::from_u128(7)),
        resource: Fixture::plain().request,
        key: key.to_owned(),
        input,
        condition: "on".to_owned(),
    }
}

#[tokio::test]
async fn scripted_answers_to_actions_come_in_order_and_have_no_effect() {
    let fake = FakePlugin::new();
    let stop = wish("stop", json!({}));
    let down = PluginError::retry(Duration::from_secs(1), "It is down.");
    fake.answer_next_action(Err(down.clone()));
    assert_eq!(fake.act(&stop, &Silent).await, Err(down));
    let parts = fake.parts(&stop.resource, "on").await.unwrap();
    assert_eq!(parts.condition.as_deref(), Some("on"));
    let stopped = ActionOutcome::now_in("off", "It is switched off.");
    assert_eq!(fake.act(&stop, &Silent).await, Ok(stopped));
    assert_eq!(fake.actions_done().len(), 2);
    fake.set_condition(stop.resource.resource, "on");
    fake.set_parts(Ok(Vec::new()));
    let parts = fake.parts(&stop.resource, "off").await.unwrap();
    assert_eq!(
        (parts.tables, parts.condition.as_deref()),
        (Vec::new(), Some("on"))
    );
}

#[tokio::test]
async fn a_disk_is_resized_and_what_is_slow_is_done_the_second_time() {
    let fake = FakePlugin::new();
    let resize = wish("resize_disk", json!({ "disk": "data", "size": 7 }));
    assert!(fake.act(&resize, &Silent).await.is_ok());
    let parts = fake.parts(&resize.resource, "on").await.unwrap();
    assert_eq!(parts.tables[0].rows[1].cells, ["data", "7 GB"]);
    let gone = wish("resize_disk", json!({ "disk": "tape", "size": 7 }));
    assert!(matches!(
        fake.act(&gone, &Silent).await,
        Err(PluginError::Refused { .. })
    ));
    let slow = wish("slow", json!({}));
    let first = fake.act(&slow, &Silent).await;
    assert!(matches!(first, Ok(ActionOutcome::Pending { .. })), "{first:?}");
    let second = fake.act(&slow, &Silent).await;
    assert!(matches!(second, Ok(ActionOutcome::Done { .. })), "{second:?}");
}

/// As for verbs: the suite must notice.
#[tokio::test]
async fn the_contract_notices_an_action_that_is_done_twice_and_parts_that_cannot_be_listed() {
    let fake = FakePlugin::new();
    fake.answer_next_action(Ok(ActionOutcome::done("It does not know what that is.")));
    let mut crooked = InventoryTable::new("disks", "Disks", &["Disk", "Size"]);
    crooked.push("root", vec!["root".to_owned()]);
    crooked.push("root", vec!["root\n".to_owned(), String::new()]);
    fake.set_parts(Ok(vec![crooked]));
    let breaches = contract::run(&fake, &Fixture::plain())
        .await
        .unwrap_err()
        .to_string();
    for breach in [
        "no_such_action of what is not there answered",
        "a row of disks has not a cell for each column",
        "rows of disks have one key",
        "control characters",
    ] {
        assert!(breaches.contains(breach), "{breach}: {breaches}");
    }
    let fake = FakePlugin::new();
    let unknown = PluginError::unknown_action("no_such_action");
    let gone = PluginError::refused("There is no disk.");
    for answer in [
        Err(unknown),
        Err(gone),
        Ok(ActionOutcome::done("It was done once.")),
        Ok(ActionOutcome::done("It was done again.")),
    ] {
        fake.answer_next_action(answer);
    }
    let breaches = contract::run(&fake, &Fixture::plain())
        .await
        .unwrap_err()
        .to_string();
    assert!(breaches.contains("restart answered"), "{breaches}");
}
