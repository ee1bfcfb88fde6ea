use std::time::Duration;

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
