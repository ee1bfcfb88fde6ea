//! Webhooks: what they are told, in which order, and what happens when nobody listens.

mod failing;
mod managing;
mod settled;

use domain::Actor;
use domain::webhooks::Reply;
use entity::webhook_delivery;
use model::{
    DeliveryOutcome, EventKind, PageRequest, ProjectChange, Scope, Webhook, WebhookDeliveryId, WebhookDraft,
    WebhookId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
};
use serde_json::Value as Json;
use testkit::{Buyer, Project, World, both_engines};
use uuid::Uuid;

const ADDRESS: &str = "https://hooks.example.org/stoa";

fn told_at(address: &str, kinds: &[EventKind]) -> WebhookDraft {
    WebhookDraft {
        url: address.into(),
        description: "For the book-keeping".into(),
        kinds: kinds.to_vec(),
    }
}

async fn made(world: &World, by: &Actor, scope: Scope, kinds: &[EventKind]) -> Webhook {
    let webhooks = world.domain().webhooks();
    webhooks.create(by, scope, told_at(ADDRESS, kinds)).await.unwrap()
}

/// The server answers with this status.
fn answered(status: u16) -> Reply {
    Reply {
        status: Some(status),
        answer: "as the server said".into(),
        error: String::new(),
        milliseconds: 7,
    }
}

/// Nobody answers.
fn silence() -> Reply {
    Reply {
        status: None,
        answer: String::new(),
        error: "hooks.example.org took too long to answer.".into(),
        milliseconds: 15_000,
    }
}

/// Tells the webhook of one event, with this reply; what the message was and what became of it.
async fn tell(world: &World, id: WebhookId, reply: &Reply) -> Option<(Json, DeliveryOutcome)> {
    let webhooks = world.operations().webhooks();
    let message = webhooks.next_message(id).await.unwrap()?;
    let outcome = webhooks.keep_reply(&message, reply).await.unwrap();
    Some((serde_json::from_str(&message.body).unwrap(), outcome))
}

/// Tells the webhook of all that waits for it; the kinds of the events, in order.
async fn tell_all(world: &World, id: WebhookId) -> Vec<String> {
    let mut told = Vec::new();
    while let Some((message, _)) = tell(world, id, &answered(204)).await {
        told.push(message["type"].as_str().unwrap().to_owned());
    }
    told
}

async fn rename(world: &World, buyer: &Buyer, project: &Project, name: &str) {
    let change = ProjectChange {
        name: name.into(),
        description: String::new(),
        start_date: None,
        end_date: None,
        approval_limit: None,
    };
    let structure = world.domain().structure();
    structure
        .edit_project(&buyer.owner, project.id, change)
        .await
        .unwrap();
}

both_engines! {
    async fn a_webhook_is_told_of_what_happens_in_its_scope_in_order_and_once(world: World) {
        let (buyer, provider) = (world.buyer().await, world.provider().await);
        let (project, offering) = (world.project(&buyer).await, world.offering(&provider).await);
        let of_buyer = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        let of_seller = made(&world, &provider.manager, Scope::Provider(provider.id), &[]).await;
        let stranger = world.buyer().await;
        let of_stranger = made(&world, &stranger.owner, Scope::Organization(stranger.id), &[]).await;
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        rename(&world, &buyer, &project, "Renamed").await;
        let webhooks = world.operations().webhooks();
        let mut sequences = Vec::new();
        let mut kinds = Vec::new();
        while let Some((message, outcome)) = tell(&world, of_buyer.id, &answered(200)).await {
            assert_eq!(outcome, DeliveryOutcome::Delivered);
            assert_eq!(message["data"]["organization_id"], buyer.id.to_string());
            sequences.push(message["data"]["sequence"].as_i64().unwrap());
            kinds.push(message["type"].as_str().unwrap().to_owned());
        }
        assert!(sequences.is_sorted() && sequences.len() > 3, "{sequences:?}");
        assert_eq!(kinds.first().map(String::as_str), Some("webhook.created"), "its own making");
        assert_eq!(kinds.last().map(String::as_str), Some("project.changed"));
        assert!(kinds.contains(&"order.placed".to_owned()), "{kinds:?}");
        assert!(webhooks.next_message(of_buyer.id).await.unwrap().is_none(), "nothing waits any more");
        let seller = tell_all(&world, of_seller.id).await;
        assert!(seller.contains(&"order.placed".to_owned()) && !seller.contains(&"project.changed".to_owned()), "{seller:?}");
        assert_eq!(tell_all(&world, of_stranger.id).await, ["webhook.created"]);
        world.leaves_jobs();
    }

    async fn only_what_it_wants_is_told_and_what_it_does_not_want_is_passed(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let webhook = made(&world, &buyer.owner, Scope::Project(project.id), &[EventKind::ProjectChanged]).await;
        let webhooks = world.operations().webhooks();
        assert_eq!(webhooks.tell_due().await.unwrap(), 0, "its own making is not wanted");
        rename(&world, &buyer, &project, "One").await;
        rename(&world, &buyer, &project, "Two").await;
        assert_eq!(webhooks.tell_due().await.unwrap(), 1, "one job for both");
        assert_eq!(webhooks.tell_due().await.unwrap(), 0, "which waits already");
        let (first, _) = tell(&world, webhook.id, &answered(200)).await.unwrap();
        assert_eq!(first["data"]["after"]["name"], "One");
        assert_eq!(tell_all(&world, webhook.id).await, ["project.changed"]);
        world.leaves_jobs();
    }

    async fn a_message_is_signed_with_its_secrets_and_has_one_id_however_often_it_is_sent(world: World) {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        let (domain, webhooks) = (world.domain().webhooks(), world.operations().webhooks());
        let first = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        let header = |message: &domain::webhooks::MessageToSend, name: &str| {
            let found = message.headers.iter().find(|(one, _)| *one == name);
            found.map(|(_, value)| value.clone()).unwrap()
        };
        assert!(header(&first, "webhook-id").starts_with("msg_"));
        assert_eq!(header(&first, "webhook-signature").split(' ').count(), 1);
        let before = domain.secret(&buyer.owner, webhook.id).await.unwrap().secret;
        let rotated = domain.rotate_secret(&buyer.owner, webhook.id, chrono::TimeDelta::hours(2)).await.unwrap();
        assert!(rotated.previous_secret_until.is_some());
        let after = domain.secret(&buyer.owner, webhook.id).await.unwrap().secret;
        assert!(before.starts_with("whsec_") && after.starts_with("whsec_") && before != after);
        let both = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        assert_eq!(header(&both, "webhook-id"), header(&first, "webhook-id"));
        let signatures = header(&both, "webhook-signature");
        assert_eq!(signatures.split(' ').count(), 2, "receivers with either secret take it");
        world.clock().advance(chrono::TimeDelta::hours(3));
        let one = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        assert_eq!(header(&one, "webhook-signature").split(' ').count(), 1, "the one before has ended");
    }

    async fn the_secret_before_is_shown_while_it_signs_and_without_overlap_ends_at_once(world: World) {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        let (domain, webhooks) = (world.domain().webhooks(), world.operations().webhooks());
        let signatures = async || {
            let message = webhooks.next_message(webhook.id).await.unwrap().unwrap();
            let signed = message.headers.iter().find(|(name, _)| *name == "webhook-signature");
            signed.map(|(_, value)| value.split(' ').count())
        };
        let rotated = domain.rotate_secret(&buyer.owner, webhook.id, chrono::TimeDelta::hours(2)).await.unwrap();
        assert!(rotated.previous_secret_until.is_some());
        world.clock().advance(chrono::TimeDelta::hours(3));
        let later = domain.webhook(&buyer.owner, webhook.id).await.unwrap();
        assert_eq!(later.previous_secret_until, None, "what has ended is not told of");
        domain.rotate_secret(&buyer.owner, webhook.id, chrono::TimeDelta::hours(2)).await.unwrap();
        assert_eq!(signatures().await, Some(2));
        let rotated = domain.rotate_secret(&buyer.owner, webhook.id, chrono::TimeDelta::zero()).await.unwrap();
        assert_eq!((rotated.previous_secret_until, signatures().await), (None, Some(1)), "neither of those before signs");
        let stored = entity::webhook::Entity::find_by_id(webhook.id).one(world.db()).await.unwrap().unwrap();
        assert_eq!(stored.previous_secret, None);
    }

    async fn of_what_a_webhook_was_told_the_newest_two_thousand_stay(world: World) {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        let other = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        for id in [webhook.id, other.id] {
            tell(&world, id, &answered(204)).await.unwrap();
        }
        let told = webhook_delivery::Entity::find().filter(webhook_delivery::Column::WebhookId.eq(webhook.id));
        let first = told.clone().one(world.db()).await.unwrap().unwrap();
        let further = (0..2_002_u32).map(|number| {
            let row = webhook_delivery::Model { id: WebhookDeliveryId(Uuid::from_u128(first.id.0.as_u128() + 1 + u128::from(number))), attempt: i32::try_from(number).unwrap(), ..first.clone() };
            row.into_active_model().reset_all()
        });
        for some in further.collect::<Vec<_>>().chunks(100) {
            let insert = webhook_delivery::Entity::insert_many(some.to_vec());
            insert.exec_without_returning(world.db()).await.unwrap();
        }
        assert_eq!(world.operations().webhooks().sweep().await.unwrap(), 3);
        assert_eq!(told.clone().count(world.db()).await.unwrap(), 2_000);
        let newest = told.order_by_desc(webhook_delivery::Column::Id).one(world.db()).await.unwrap().unwrap();
        assert_eq!(newest.attempt, 2_001, "the oldest went");
        let rest = webhook_delivery::Entity::find().filter(webhook_delivery::Column::WebhookId.eq(other.id));
        assert_eq!(rest.count(world.db()).await.unwrap(), 1, "those of another are its own");
    }

    async fn what_was_told_can_be_looked_at_without_what_could_sign(world: World) {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        tell(&world, webhook.id, &answered(500)).await.unwrap();
        let webhooks = world.domain().webhooks();
        let page = webhooks.deliveries(&buyer.owner, webhook.id, &PageRequest::default()).await.unwrap();
        let [one] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!((one.attempt, one.outcome, one.status), (1, DeliveryOutcome::Failed, Some(500)));
        assert!(one.request.contains("webhook-id: msg_") && !one.request.contains("signature"), "{}", one.request);
        assert_eq!((one.answer.as_str(), one.milliseconds), ("as the server said", 7));
        world.clock().advance(chrono::TimeDelta::days(31));
        assert_eq!(world.operations().webhooks().sweep().await.unwrap(), 1);
    }

    async fn what_was_told_is_told_again_one_or_all_since(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let webhook = made(&world, &buyer.owner, Scope::Project(project.id), &[EventKind::ProjectChanged]).await;
        for name in ["One", "Two", "Three"] {
            rename(&world, &buyer, &project, name).await;
        }
        assert_eq!(tell_all(&world, webhook.id).await.len(), 3);
        let (domain, webhooks) = (world.domain().webhooks(), world.operations().webhooks());
        let told = domain.deliveries(&buyer.owner, webhook.id, &PageRequest::default()).await.unwrap().items;
        let second = told[1].event_id;
        domain.redeliver(&buyer.owner, webhook.id, second).await.unwrap();
        let again = webhooks.message_again(webhook.id, second).await.unwrap().unwrap();
        assert!(again.body.contains("Two"));
        assert_eq!(webhooks.keep_reply(&again, &answered(200)).await.unwrap(), DeliveryOutcome::Delivered);
        assert!(webhooks.next_message(webhook.id).await.unwrap().is_none(), "its place is the same");
        domain.redeliver_since(&buyer.owner, webhook.id, second).await.unwrap();
        assert_eq!(tell_all(&world, webhook.id).await.len(), 2, "the second and the third");
        let foreign = world.buyer().await;
        let other = made(&world, &foreign.owner, Scope::Organization(foreign.id), &[]).await;
        let refused = domain.redeliver(&foreign.owner, other.id, second).await.unwrap_err();
        assert_eq!(refused.problem().code, "event_not_found");
        world.leaves_jobs();
    }
}
