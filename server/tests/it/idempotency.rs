//! What is asked twice happens once, and of two who change the same version one wins.

use std::time::Duration;

use reqwest::{Method, header::HeaderValue};
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use testkit::{Sold, both_engines};

use crate::{
    api::{Answer, Api, Browser},
    openapi::walk,
    portal::Portal,
};

/// A seller and a buyer with a project, each with a token, and something to order.
struct Setup {
    seller: Api,
    owner: Api,
    project: String,
    organization: String,
    offering: String,
    draft: Json,
}

async fn setup(portal: &Portal) -> Setup {
    let world = &portal.world;
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let offering = world
        .offering(&provider)
        .selling(Sold::reserved("cpu", "CPU").at("10"))
        .await;
    let project = world.project(&buyer).await;
    Setup {
        seller: portal.api(&provider.manager).await,
        owner: portal.api(&buyer.owner).await,
        project: project.id.to_string(),
        organization: buyer.id.to_string(),
        offering: offering.id.to_string(),
        draft: json!({ "project_id": project.id, "offering_id": offering.id, "plan_id": offering.plan, "name": "Mine",
            "limits": { "cpu": "2" }, "accepted_terms": offering.terms_version, "attributes": {} }),
    }
}

impl Setup {
    fn named(&self, name: &str) -> Json {
        let mut draft = self.draft.clone();
        draft["name"] = json!(name);
        draft
    }

    async fn order(&self, key: &str, draft: &Json) -> Answer {
        self.owner
            .send_with(Method::POST, "/orders", &[("idempotency-key", key)], Some(draft))
            .await
    }
}

async fn items(api: &Api, path: &str) -> Vec<Json> {
    api.get(path).await.ok()["items"].as_array().unwrap().clone()
}

/// Both send their change against the version that both have read.
async fn race(api: &Api, method: &Method, of: &str, path: &str, changes: [Json; 2]) {
    let read = api.get(of).await;
    let version = [("if-match", read.header("etag"))];
    let [one, other] = &changes;
    let (one, other) = tokio::join!(
        api.send_with(method.clone(), path, &version, Some(one)),
        api.send_with(method.clone(), path, &version, Some(other))
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "{path}: {} {}", one.text, other.text);
    let (won, lost) = if one.status == 200 {
        (one, other)
    } else {
        (other, one)
    };
    lost.refused(412, "changed_meanwhile");
    let now = api.get(of).await;
    assert_eq!(
        now.header("etag"),
        won.header("etag"),
        "{of} is as the winner made it"
    );
}

both_engines! {
    async fn a_token_that_cannot_be_looked_up_is_not_called_bad_and_does_nothing_without_its_key(portal: Portal) {
        let setup = setup(&portal).await;
        let schema = |change: &'static str| portal.world.db().execute_unprepared(change);
        let key = [("idempotency-key", "kept")];
        let order = || setup.owner.send_with(Method::POST, "/orders", &key, Some(&setup.draft));
        schema("ALTER TABLE api_tokens RENAME TO api_tokens_away").await.unwrap();
        // The description says nothing of faults of ours, so these two are sent past what holds answers against it.
        let browser = Browser::new(&portal.base);
        let token = format!("Bearer {}", setup.owner.token);
        for (method, path) in [(Method::GET, "/api/v1/me"), (Method::POST, "/api/v1/orders")] {
            let request = browser.request(method, path).header("authorization", &token).header(key[0].0, key[0].1);
            Answer::of(path.to_owned(), request.json(&setup.draft)).await.refused(500, "internal");
        }
        schema("ALTER TABLE api_tokens_away RENAME TO api_tokens").await.unwrap();
        let first = order().await;
        let first = first.ok()["id"].clone();
        assert_eq!(order().await.ok()["id"], first, "the key was not used up and holds");
        let all = setup.owner.get("/orders").await.ok()["items"].as_array().unwrap().len();
        assert_eq!(all, 1);
        portal.world.leaves_jobs();
    }

    async fn of_two_changes_of_one_version_exactly_one_wins(portal: Portal) {
        let setup = setup(&portal).await;
        let shown = setup.seller.get(&format!("/offerings/{}", setup.offering)).await.ok();
        let part = |kind: &str| format!("/offerings/{}/{kind}/{}", setup.offering, shown[kind][0]["id"].as_str().unwrap());
        let (offering, plan, component) = (format!("/offerings/{}", setup.offering), part("plans"), part("components"));
        let (project, organization) =
            (format!("/projects/{}", setup.project), format!("/organizations/{}", setup.organization));
        for round in 0..4 {
            let two = |field: &str| [0, 1].map(|side| json!({ field: format!("Text {round} {side}") }));
            // Different fields, so that both could stand beside each other: the version is of the whole.
            let apart = [json!({ "name": format!("Name {round}") }), json!({ "description": format!("Text {round}") })];
            race(&setup.owner, &Method::PATCH, &project, &project, apart.clone()).await;
            race(&setup.owner, &Method::PATCH, &organization, &organization, two("address")).await;
            race(&setup.seller, &Method::PATCH, &offering, &offering, apart.clone()).await;
            race(&setup.seller, &Method::PATCH, &plan, &plan, apart).await;
            race(&setup.seller, &Method::PATCH, &component, &component, two("description")).await;
            let rules = [2, 3].map(|days| json!({ "grace_days": days + round * 2 }));
            race(&setup.seller, &Method::PUT, &offering, &format!("{offering}/duration"), rules).await;
        }
    }

    async fn a_version_may_be_one_of_several_that_are_named(portal: Portal) {
        let setup = setup(&portal).await;
        let path = format!("/projects/{}", setup.project);
        let change = |text: &str| json!({ "description": text });
        for (round, form) in ["{}, \"x\"", "\"x\", {}"].into_iter().enumerate() {
            let version = form.replace("{}", setup.owner.get(&path).await.header("etag"));
            let sent = [("if-match", version.as_str())];
            setup.owner.send_with(Method::PATCH, &path, &sent, Some(&change(&format!("{round}")))).await.ok();
        }
        let etag = setup.owner.get(&path).await.header("etag").to_owned();
        let request = setup.owner.request(Method::PATCH, &path).json(&change("as two headers"));
        let request = request.header("if-match", "\"x\"").header("if-match", etag);
        Answer::of("PATCH".into(), request).await.ok();
        let offering = "/offerings/019aaaaa-0000-7000-8000-000000000000";
        let none = setup.seller.send_with(Method::PATCH, offering, &[("if-match", "\"1\"")], Some(&change(""))).await;
        assert_eq!(none.status, 404, "{}", none.text);
    }

    async fn of_two_last_days_for_one_version_exactly_one_is_set(portal: Portal) {
        let setup = setup(&portal).await;
        let placed = setup.order("place", &setup.draft).await.ok();
        portal.work().await;
        let order = setup.owner.get(&format!("/orders/{}", placed["summary"]["id"].as_str().unwrap())).await.ok();
        let resource = format!("/resources/{}", order["summary"]["resource_id"].as_str().unwrap());
        for round in 1..5 {
            let days = [0, 1].map(|side| json!({ "last_day": format!("2027-0{round}-1{side}") }));
            race(&setup.owner, &Method::PUT, &resource, &format!("{resource}/last-day"), days).await;
        }
        let past = setup.owner.put(&resource, "/last-day", json!({ "last_day": "2020-01-01" })).await;
        assert_eq!(past.faults(), ["last_day"], "as the body calls it");
    }

    async fn a_key_is_taken_whole_or_refused(portal: Portal) {
        let setup = setup(&portal).await;
        let send = async |keys: &[&[u8]], name: &str| {
            let new = json!({ "organization_id": setup.organization, "name": name });
            let request = setup.owner.request(Method::POST, "/projects").json(&new);
            let request = keys.iter().fold(request, |request, key| {
                request.header("idempotency-key", HeaderValue::from_bytes(key).unwrap())
            });
            Answer::of("POST /projects".into(), request).await
        };
        let long = "k".repeat(200);
        let other = format!("{}z", "k".repeat(199));
        for (key, name) in [("k", "One letter"), (&long, "Longest"), (&other, "As long"), ("order 7 (again)", "Spaces")] {
            assert_eq!(send(&[key.as_bytes()], name).await.status, 201, "{key}");
            let again = send(&[key.as_bytes()], name).await;
            assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"), "{key}");
        }
        let described = crate::openapi::description(&portal).await;
        let key = &described["components"]["parameters"]["IdempotencyKey"]["schema"];
        assert_eq!((&key["pattern"], &key["maxLength"]), (&json!("^[!-~]([ -~]*[!-~])?$"), &json!(200)), "as it is taken");
        let longer = "k".repeat(201);
        let bad: [&[&[u8]]; 6] =
            [&[longer.as_bytes()], &[b""], &[b" "], &["schlüssel".as_bytes()], &[b"one\ttwo"], &[b"one", b"two"]];
        for keys in bad {
            send(keys, "Refused").await.refused(422, "idempotency_key_invalid");
        }
        let mut made: Vec<String> = items(&setup.owner, "/projects").await
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect();
        made.retain(|name| ["One letter", "Longest", "As long", "Spaces", "Refused"].contains(&name.as_str()));
        assert_eq!(made, ["As long", "Longest", "One letter", "Spaces"], "each once");
    }

    async fn many_of_one_key_at_once_have_one_effect_and_one_answer(portal: Portal) {
        let setup = setup(&portal).await;
        let new = json!({ "organization_id": setup.organization, "name": "Ice", "slug": null, "start_date": null,
            "end_date": null, "approval_limit": { "amount": "100", "currency": "EUR" } });
        let mut sent = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (api, new) = (setup.owner.clone(), new.clone());
            sent.spawn(async move {
                let answer = api.send_with(Method::POST, "/projects", &[("idempotency-key", "ice")], Some(&new)).await;
                (answer.ok(), answer.header("location").to_owned(), answer.header("etag").to_owned())
            });
        }
        let answers = sent.join_all().await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(answers[0].0["approval_limit"], json!({ "amount": "100.00", "currency": "EUR" }));
        let made = items(&setup.owner, "/projects").await;
        assert_eq!(made.iter().filter(|one| one["name"] == "Ice").count(), 1);
        let mut other = new;
        other["name"] = json!("Snow");
        let key = [("idempotency-key", "ice")];
        let reused = setup.owner.send_with(Method::POST, "/projects", &key, Some(&other)).await;
        reused.refused(409, "idempotency_key_reused");
        other["approval_limit"]["currency"] = json!("USD");
        assert_eq!(setup.owner.post("/projects", other).await.faults(), ["approval_limit.currency"]);
    }

    async fn who_hangs_up_at_any_moment_and_asks_again_orders_once(portal: Portal) {
        let setup = setup(&portal).await;
        let names: Vec<String> = (0..24).map(|wait| format!("Order {wait:02}")).collect();
        for (wait, name) in (0..).zip(&names) {
            let draft = setup.named(name);
            // The client is gone after so long, wherever the server is by then.
            let asked = tokio::time::timeout(Duration::from_millis(wait), setup.order(name, &draft));
            let heard = asked.await.is_ok();
            let again = setup.order(name, &draft).await;
            assert_eq!(again.status, 201, "{}", again.text);
            if heard {
                assert_eq!(again.header("idempotency-replayed"), "true");
            }
            assert_eq!(setup.order(name, &draft).await.json(), again.json(), "and the answer stays");
        }
        let mut placed: Vec<String> = items(&setup.owner, "/orders?limit=100").await
            .iter()
            .map(|order| order["resource_name"].as_str().unwrap().to_owned())
            .collect();
        placed.sort_unstable();
        assert_eq!(placed, names, "each once");
    }
}

/// A handler that took the services of the process would act outside of its request's transaction: its effect would stay
/// where the answer is lost.
#[test]
fn handlers_act_by_the_services_of_their_request() {
    const ENTRANCES: [&str; 2] = ["extract.rs", "idempotency.rs"];
    let rest = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rest");
    let mut handlers = 0;
    for file in walk(&rest) {
        let text = std::fs::read_to_string(&file).unwrap();
        let place = file.display();
        assert!(!text.contains("State<Domain>"), "{place}");
        if !ENTRANCES.iter().any(|name| file == rest.join(name)) {
            assert!(!text.contains("State<AppState>"), "{place}");
        }
        handlers += text.matches("Services(domain): Services").count();
    }
    assert!(handlers > 80, "{handlers}");
}
