//! Input that is wrong, too large, or not yours.

use chrono::TimeDelta;
use domain::Clock;
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value as Json, json};
use testkit::{Engine, Offering, Project, Sold, both_engines, run};

use crate::{
    api::{Answer, Api},
    portal::Portal,
};

struct Setup {
    api: Api,
    project: Project,
    offering: Offering,
}

async fn setup(portal: &Portal) -> Setup {
    let world = &portal.world;
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let sold = Sold::reserved("cpu", "CPU").at("10").with(|terms| {
        terms.min = Some(1.into());
        terms.max = Some(100.into());
    });
    let offering = world.offering(&provider).selling(sold).await;
    let project = world.project(&buyer).await;
    Setup {
        api: portal.api(&buyer.owner).await,
        project,
        offering,
    }
}

fn draft(setup: &Setup) -> Json {
    json!({ "project_id": setup.project.id, "offering_id": setup.offering.id, "plan_id": setup.offering.plan,
        "name": "Mine", "limits": { "cpu": "2" }, "accepted_terms": setup.offering.terms_version, "attributes": {} })
}

/// The draft with one thing changed.
fn but(setup: &Setup, key: &str, value: Json) -> Json {
    let mut draft = draft(setup);
    draft[key] = value;
    draft
}

async fn orders(setup: &Setup) -> usize {
    setup.api.get("/orders").await.ok()["items"]
        .as_array()
        .unwrap()
        .len()
}

async fn raw(api: &Api, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
    let request = api
        .request(Method::POST, path)
        .header(CONTENT_TYPE, content_type)
        .body(body);
    Answer::of(format!("POST {path}"), request).await
}

both_engines! {
    async fn a_wrong_order_is_refused_and_nothing_is_stored(portal: Portal) {
        let setup = setup(&portal).await;
        let nobody = "01900000-0000-7000-8000-000000000000";
        let post = async |draft: Json| setup.api.post("/orders", draft).await;
        post(but(&setup, "project_id", json!(nobody))).await.refused(404, "project_not_found");
        post(but(&setup, "offering_id", json!(nobody))).await.refused(404, "offering_not_found");
        assert_eq!(post(but(&setup, "plan_id", json!(nobody))).await.faults(), ["plan_id"]);
        let limits: [(Json, u16); 6] = [
            (json!("0"), 422), (json!("101"), 422), (json!("-1"), 422), (json!("1e400"), 422), (json!("NaN"), 422),
            (json!("99999999999999999999"), 422),
        ];
        for (limit, status) in limits {
            let answer = post(but(&setup, "limits", json!({ "cpu": limit }))).await;
            assert_eq!(answer.status, status, "{limit}: {}", answer.text);
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        let faults = post(but(&setup, "limits", json!({ "cpu": "101" }))).await.faults();
        assert_eq!(faults, ["limits.cpu"]);
        let faults = post(but(&setup, "limits", json!({ "gpu": "1" }))).await.faults();
        assert_eq!(faults, ["limits.gpu"]);
        assert_eq!(post(but(&setup, "name", json!("x".repeat(1_000_000)))).await.faults(), ["name"]);
        assert_eq!(post(but(&setup, "name", json!("nul\0"))).await.faults(), ["name"]);
        assert_eq!(post(but(&setup, "attributes", json!({ "unasked": 1 }))).await.faults(), ["attributes.unasked"]);
        assert_eq!(post(but(&setup, "accepted_terms", json!(null))).await.faults(), ["accepted_terms"]);
        assert_eq!(post(but(&setup, "end_date", json!("2020-01-01"))).await.faults(), ["end_date"]);
        assert_eq!(post(but(&setup, "end_date", json!("2026-02-30"))).await.faults(), ["end_date"]);
        assert_eq!(post(but(&setup, "end_date", json!("soon"))).await.faults(), ["end_date"]);
        assert_eq!(post(but(&setup, "limits", json!({ "cpu": 2 }))).await.faults(), ["limits.cpu"]);
        assert_eq!(post(but(&setup, "nam", json!("Mine"))).await.faults(), ["nam"]);
        let mut nameless = draft(&setup);
        nameless.as_object_mut().unwrap().remove("name");
        assert_eq!(post(nameless).await.faults(), ["name"]);
        assert_eq!(orders(&setup).await, 0);
        assert_eq!(setup.api.get("/resources").await.ok()["items"], json!([]));
    }

    async fn an_order_for_somebody_elses_project_finds_no_project(portal: Portal) {
        let setup = setup(&portal).await;
        let other = portal.world.buyer().await;
        let api = portal.api(&other.owner).await;
        api.post("/orders", draft(&setup)).await.refused(404, "project_not_found");
        let mine = setup.api.post("/orders", draft(&setup)).await.ok();
        let path = format!("/orders/{}", mine["summary"]["id"].as_str().unwrap());
        for (method, part) in [(Method::GET, ""), (Method::POST, "/approve"), (Method::POST, "/cancel")] {
            let body = (method == Method::POST).then(|| json!({ "comment": "no" }));
            let answer = api.send(method, &format!("{path}{part}"), body.as_ref()).await;
            answer.refused(404, "order_not_found");
        }
    }

    async fn what_is_over_is_not_approved(portal: Portal) {
        let setup = setup(&portal).await;
        let member = portal.world.member(&setup.project).await;
        let member = portal.api(&member).await;
        let placed = member.post("/orders", draft(&setup)).await.ok();
        let path = format!("/orders/{}", placed["summary"]["id"].as_str().unwrap());
        member.post(&format!("{path}/approve"), json!({})).await.refused(403, "forbidden");
        member.post(&format!("{path}/cancel"), json!({ "comment": "a mistake" })).await.ok();
        setup.api.post(&format!("{path}/approve"), json!({})).await.refused(409, "order_state");
        setup.api.post(&format!("{path}/reject"), json!({ "comment": "late" })).await.refused(409, "order_state");
        assert_eq!(setup.api.get(&path).await.ok()["summary"]["state"], "canceled");
    }

    async fn the_same_key_orders_once(portal: Portal) {
        let setup = setup(&portal).await;
        let send = async |draft: &Json, key: &str| {
            let request = setup.api.request(Method::POST, "/orders").header("idempotency-key", key).json(draft);
            Answer::of("POST /orders".into(), request).await
        };
        let draft = draft(&setup);
        let (first, second) = tokio::join!(send(&draft, "click"), send(&draft, "click"));
        for answer in [&first, &second] {
            assert_eq!(answer.status, 201, "{}", answer.text);
        }
        assert_eq!(first.json(), second.json(), "who comes second waits for the answer of the first");
        let again = send(&draft, "click").await;
        assert_eq!(again.status, 201, "{}", again.text);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(orders(&setup).await, 1, "a double click orders once");
        let other = but(&setup, "name", json!("Another"));
        send(&other, "click").await.refused(409, "idempotency_key_reused");
        assert_eq!(send(&other, "other click").await.status, 201);
        assert_eq!(send(&but(&setup, "name", json!("")), "third").await.status, 422);
        assert_eq!(send(&but(&setup, "name", json!("Third")), "third").await.status, 201, "a refusal keeps no key");
        assert_eq!(orders(&setup).await, 3);
    }
}

#[test]
fn bodies_that_are_no_json_are_refused() {
    run(Engine::Sqlite, async |portal: Portal| {
        let setup = setup(&portal).await;
        let json = "application/json";
        raw(&setup.api, "/orders", json, b"{".to_vec())
            .await
            .refused(400, "not_json");
        raw(&setup.api, "/orders", json, b"{\"name\": \"\xff\xfe\"}".to_vec())
            .await
            .refused(400, "not_json");
        raw(&setup.api, "/orders", json, b"[]".to_vec()).await.faults();
        raw(&setup.api, "/orders", "text/plain", b"{}".to_vec())
            .await
            .refused(415, "content_type");
        // What says what changes is no order.
        for changes in ["application/merge-patch+json", "application/json-patch+json"] {
            raw(&setup.api, "/orders", changes, b"{}".to_vec())
                .await
                .refused(415, "content_type");
        }
        raw(
            &setup.api,
            "/quotes",
            json,
            b"{\"limits\": {\"cpu\": NaN}}".to_vec(),
        )
        .await
        .refused(400, "not_json");
        let unknown = json!({ "email": "a@example.org", "role": "project_member", "rank": 1 });
        let faults = setup
            .api
            .post(&format!("/projects/{}/members", setup.project.id), unknown)
            .await
            .faults();
        assert_eq!(faults, ["rank"]);
        assert_eq!(orders(&setup).await, 0);
    });
}

#[test]
fn addresses_that_are_wrong_are_refused() {
    run(Engine::Sqlite, async |portal: Portal| {
        let setup = setup(&portal).await;
        let get = async |path: &str| setup.api.get(path).await;
        get("/orders?cursor=garbage").await.refused(422, "invalid_input");
        get("/orders?cursor=%00%ff").await.refused(400, "bad_query");
        get("/orders/%01").await.refused(404, "not_found");
        get("/orders?limit=0").await.refused(422, "limit_out_of_range");
        get("/orders?limit=1000").await.refused(422, "limit_out_of_range");
        get("/orders?limit=many").await.refused(400, "bad_query");
        let state = get("/orders?state=lost").await.refused(400, "bad_query");
        assert_eq!(state["fields"][0]["path"], "state", "{state}");
        let typo = get("/orders?stat=done").await.refused(400, "unknown_parameter");
        assert_eq!(typo["fields"][0]["path"], "stat", "{typo}");
        get("/me?x=1").await.refused(400, "unknown_parameter");
        get("/orders/not-an-id").await.refused(404, "not_found");
        get("/orders/%ff").await.refused(404, "not_found");
        get("/offerings/%ff").await.refused(404, "not_found");
        get("/nothing").await.refused(404, "no_such_endpoint");
        setup
            .api
            .post("/months/2026-13/close", json!({}))
            .await
            .refused(404, "not_found");
        let wrong = setup.api.send(Method::DELETE, "/orders", None).await;
        wrong.refused(405, "wrong_method");
        assert!(
            wrong.header("allow").contains("POST"),
            "{}",
            wrong.header("allow")
        );
        let resource = portal
            .world
            .order(&portal.world.staff().await, &setup.project, &setup.offering);
        let resource = resource.fulfilled().await;
        get(&format!("/resources/{resource}/usage?from=2026-02-30"))
            .await
            .refused(400, "bad_query");
        get(&format!(
            "/resources/{resource}/usage?from=0001-01-01&to=9999-12-31"
        ))
        .await
        .refused(422, "invalid_input");
    });
}

#[test]
fn pages_of_a_list_follow_each_other_without_gaps() {
    run(Engine::Sqlite, async |portal: Portal| {
        let setup = setup(&portal).await;
        for number in 0..7 {
            setup
                .api
                .post("/orders", but(&setup, "name", json!(format!("No {number}"))))
                .await
                .ok();
            portal
                .world
                .clock()
                .advance(TimeDelta::seconds(i64::from(number) % 2));
        }
        let mut names = Vec::new();
        let mut path = "/orders?limit=3".to_owned();
        loop {
            let page = setup.api.get(&path).await.ok();
            names.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["resource_name"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/orders?limit=3&cursor={next}");
        }
        assert_eq!(names, ["No 6", "No 5", "No 4", "No 3", "No 2", "No 1", "No 0"]);
        let oldest = setup.api.get("/orders?sort=oldest&limit=2").await.ok();
        let names = |page: &Json| -> Vec<String> {
            let items = page["items"].as_array().unwrap();
            items
                .iter()
                .map(|one| one["resource_name"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names(&oldest), ["No 0", "No 1"]);
        let next = oldest["next"].as_str().unwrap();
        let next = setup
            .api
            .get(&format!("/orders?sort=oldest&limit=2&cursor={next}"))
            .await
            .ok();
        assert_eq!(names(&next), ["No 2", "No 3"]);
        portal.world.clock().advance(TimeDelta::hours(1));
        let since = portal
            .world
            .clock()
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let path = format!("/orders?updated_since={since}");
        assert_eq!(names(&setup.api.get(&path).await.ok()).len(), 0);
        setup
            .api
            .post("/orders", but(&setup, "name", json!("Late")))
            .await
            .ok();
        assert_eq!(names(&setup.api.get(&path).await.ok()), ["Late"]);
        let both = setup.api.get("/orders?waiting_for_me=true&state=done").await;
        assert_eq!(both.faults(), ["waiting_for_me"]);
    });
}

#[test]
fn of_two_who_change_the_same_thing_the_second_is_told() {
    run(Engine::Sqlite, async |portal: Portal| {
        let setup = setup(&portal).await;
        let path = format!("/projects/{}", setup.project.id);
        let read = setup.api.get(&path).await;
        let version = read.header("etag").to_owned();
        let change = async |version: &[(&str, &str)], body: Json| {
            setup
                .api
                .send_with(Method::PATCH, &path, version, Some(&body))
                .await
        };
        change(&[], json!({ "name": "Nameless" }))
            .await
            .refused(428, "precondition_required");
        let first = change(&[("if-match", &version)], json!({ "end_date": "2027-01-31" })).await;
        assert_eq!(first.ok()["end_date"], "2027-01-31");
        assert_ne!(first.header("etag"), version);
        change(&[("if-match", &version)], json!({ "name": "Late" }))
            .await
            .refused(412, "changed_meanwhile");
        let version = first.header("etag").to_owned();
        let renamed = change(&[("if-match", &version)], json!({ "name": "Renamed" }))
            .await
            .ok();
        assert_eq!(
            (&renamed["name"], &renamed["end_date"]),
            (&json!("Renamed"), &json!("2027-01-31")),
            "what is left out stays"
        );
        let cleared = change(&[("if-match", "*")], json!({ "end_date": null }))
            .await
            .ok();
        assert_eq!(cleared["end_date"], Json::Null, "null clears");
        let faults = change(&[("if-match", "*")], json!({ "nam": "x", "end_date": null }))
            .await
            .faults();
        assert_eq!(faults, ["nam"]);
        let faults = change(&[("if-match", "*")], json!({ "end_date": 7 }))
            .await
            .faults();
        assert_eq!(faults, ["end_date"]);
    });
}

#[test]
fn a_repeated_request_is_answered_as_it_was() {
    run(Engine::Sqlite, async |portal: Portal| {
        let setup = setup(&portal).await;
        let staff = portal.api(&portal.world.staff().await).await;
        let key = [("idempotency-key", "once")];
        let new = json!({ "name": "Twice sent" });
        let first = staff
            .send_with(Method::POST, "/organizations", &key, Some(&new))
            .await;
        let again = staff
            .send_with(Method::POST, "/organizations", &key, Some(&new))
            .await;
        for header in ["location", "etag", "content-type"] {
            assert_eq!(first.header(header), again.header(header), "{header}");
        }
        assert_eq!((first.status, &first.text), (again.status, &again.text));
        assert_eq!(again.header("idempotency-replayed"), "true");
        let found = staff.get("/organizations?q=Twice").await.ok();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let made = first.header("location").trim_start_matches("/api/v1").to_owned();
        assert_eq!(
            staff.get(&made).await.text,
            first.text,
            "what was made is where it is said to be"
        );
        assert_eq!(setup.api.get(&made).await.status, 404);
    });
}
