//! Webhooks over the network: what a receiver gets, and receivers that are not as they should be.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use testkit::{Buyer, both_engines};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{api::Api, portal::Portal};

type Answers = fn(&str) -> Response;

/// A receiver on this machine.
struct Receiver {
    address: String,
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    serving: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[derive(Clone)]
struct Listening {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answer: Answers,
}

async fn take(State(to): State<Listening>, headers: HeaderMap, body: String) -> Response {
    let answer = (to.answer)(&body);
    to.got.lock().unwrap().push((headers, body));
    answer
}

impl Receiver {
    async fn start(answer: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let listening = Listening {
            got: Arc::clone(&got),
            answer,
        };
        let router = Router::new().route("/hook", post(take)).with_state(listening);
        let serve = async move { axum::serve(listener, router).await.unwrap() };
        let serving = tokio::runtime::Handle::current().spawn(serve);
        Self {
            address,
            got,
            serving,
        }
    }

    fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().unwrap().clone()
    }

    fn kinds(&self) -> Vec<String> {
        let bodies = self.got().into_iter().map(|(_, body)| body);
        bodies.map(|body| kind(&body)).collect()
    }
}

fn kind(body: &str) -> String {
    let body: Json = serde_json::from_str(body).unwrap();
    body["type"].as_str().unwrap().to_owned()
}

/// Of an owner, told at the receiver; the owner's API and the webhook's address there.
async fn webhook_at(portal: &Portal, receiver: &Receiver) -> (Buyer, Api, String) {
    let buyer = portal.world.buyer().await;
    let owner = portal.api(&buyer.owner).await;
    let scope = json!({ "kind": "organization", "id": buyer.id });
    let made = owner
        .post("/webhooks", json!({ "scope": scope, "url": receiver.address }))
        .await;
    let path = format!("/webhooks/{}", made.ok()["id"].as_str().unwrap());
    (buyer, owner, path)
}

async fn told(portal: &Portal) {
    portal.operations.webhooks().tell_due().await.unwrap();
    portal.work().await;
}

/// As a receiver checks it, by the specification.
fn is_signed(secret: &str, headers: &HeaderMap, body: &str) -> bool {
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    header("webhook-signature").split(' ').any(|one| one == expected)
}

both_engines! {
    async fn a_receiver_is_told_in_order_and_can_check_who_tells_it(portal: Portal) {
        let receiver = Receiver::start(|_| StatusCode::NO_CONTENT.into_response()).await;
        let (buyer, owner, path) = webhook_at(&portal, &receiver).await;
        for _ in 0..3 {
            portal.world.project(&buyer).await;
        }
        told(&portal).await;
        let kinds = receiver.kinds();
        assert_eq!(kinds[0], "webhook.created");
        assert_eq!(kinds.iter().filter(|kind| *kind == "project.created").count(), 3, "{kinds:?}");
        let got = receiver.got();
        let secret = owner.get(&format!("{path}/secret")).await.ok()["secret"].as_str().unwrap().to_owned();
        assert!(got.iter().all(|(headers, body)| is_signed(&secret, headers, body)));
        let (headers, body) = &got[0];
        assert!(!is_signed(&secret, headers, &body.replace("webhook", "project")), "what was changed on the way is not");
        assert_eq!(headers.get(header::CONTENT_TYPE).unwrap(), "application/json");
        let mut ids: Vec<_> = got.iter().map(|(headers, _)| headers.get("webhook-id").unwrap().clone()).collect();
        ids.dedup();
        assert_eq!(ids.len(), got.len(), "each event once");
        let log = owner.get(&format!("{path}/deliveries")).await.ok();
        assert!(log["items"].as_array().unwrap().iter().all(|one| one["outcome"] == "delivered" && one["status"] == 204), "{log}");
        let events = log["items"].as_array().unwrap();
        let again = json!({ "event_id": events[events.len() - 1]["event_id"] });
        assert_eq!(owner.post(&format!("{path}/redeliver"), again.clone()).await.status, 204);
        told(&portal).await;
        let first = got[0].0.get("webhook-id");
        let same = receiver.got().iter().filter(|(headers, _)| headers.get("webhook-id") == first).count();
        assert_eq!(same, 2, "the same message once more");
        assert_eq!(owner.post(&format!("{path}/redeliver-since"), again).await.status, 204);
        told(&portal).await;
        assert!(receiver.got().len() > 2 * got.len(), "{:?}", receiver.kinds());
    }

    async fn a_receiver_that_redirects_is_not_followed_and_one_that_talks_too_much_is_cut(portal: Portal) {
        let redirects = Receiver::start(|_| (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/hook")]).into_response()).await;
        let (_, owner, path) = webhook_at(&portal, &redirects).await;
        told(&portal).await;
        let webhook = owner.get(&path).await.ok();
        assert_eq!((webhook["state"].as_str(), webhook["last_error"].as_str()), (Some("enabled"), Some("The server answered with status 307.")));
        assert_eq!(redirects.got().len(), 1, "and nobody goes where it points");

        let talks = Receiver::start(|_| "a".repeat(10_000_000).into_response()).await;
        let (_, owner, path) = webhook_at(&portal, &talks).await;
        told(&portal).await;
        let log = owner.get(&format!("{path}/deliveries")).await.ok();
        assert_eq!(log["items"][0]["outcome"], "delivered");
        assert_eq!(log["items"][0]["answer"].as_str().unwrap().len(), 4_000);
    }

    async fn a_receiver_that_is_away_is_told_later_and_nothing_is_lost(portal: Portal) {
        let receiver = Receiver::start(|_| StatusCode::OK.into_response()).await;
        let address = receiver.address.clone();
        let (buyer, owner, path) = webhook_at(&portal, &receiver).await;
        drop(receiver);
        told(&portal).await;
        let webhook = owner.get(&path).await.ok();
        assert!(webhook["last_error"].as_str().unwrap().contains("127.0.0.1"), "{webhook}");
        assert!(!webhook["next_try_at"].is_null(), "{webhook}");
        portal.world.project(&buyer).await;
        // It comes back somewhere else.
        let back = Receiver::start(|_| StatusCode::OK.into_response()).await;
        assert_ne!(back.address, address);
        owner.patch(&path, json!({ "url": back.address })).await.ok();
        told(&portal).await;
        let kinds = back.kinds();
        assert_eq!(kinds.first().map(String::as_str), Some("webhook.created"), "{kinds:?}");
        assert!(kinds.contains(&"project.created".to_owned()), "{kinds:?}");
        assert!(owner.get(&path).await.ok()["failing_since"].is_null());
    }
}
