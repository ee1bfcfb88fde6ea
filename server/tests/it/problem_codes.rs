//! Which codes the description lists for an operation, beside those of its form: as many as can come, and no more.

mod provoked;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value as Json, json};
use testkit::{Engine, Sold, both_engines, run};

use crate::{
    api::Answer,
    openapi::{description, operations},
    portal::Portal,
};
use table::EXPECTED;

/// Codes that follow from the form of an operation: they are the same for all.
const OF_THE_FORM: [&str; 25] = [
    "too_many_requests",
    "body_too_slow",
    "idempotency_keys_used_up",
    "idempotency_answer_too_large",
    "idempotency_answer_withheld",
    "unknown_parameter",
    "unauthenticated",
    "forbidden",
    "token_scope_missing",
    "not_found",
    "database_full",
    "database_unavailable",
    "bad_query",
    "limit_out_of_range",
    "invalid_input",
    "not_json",
    "unreadable_body",
    "too_large",
    "content_type",
    "idempotency_key_reused",
    "idempotency_under_way",
    "idempotency_key_invalid",
    "precondition_required",
    "changed_meanwhile",
    "unknown_time_zone",
];

fn codes(operation: &Json) -> Vec<String> {
    let answers = operation["responses"].as_object().unwrap().values();
    let mut codes: Vec<String> = answers
        .filter_map(|answer| answer["x-problem-codes"].as_array())
        .flatten()
        .map(|code| code.as_str().unwrap().to_owned())
        .filter(|code| !OF_THE_FORM.contains(&code.as_str()))
        .collect();
    codes.sort_unstable();
    codes
}

#[test]
fn operations_list_the_codes_that_can_come_and_no_others() {
    run(Engine::Sqlite, async |portal: Portal| {
        let all = operations(&description(&portal).await);
        let expected: BTreeMap<&str, &[&str]> = EXPECTED.iter().copied().collect();
        let ids: BTreeSet<&str> = all
            .iter()
            .map(|(.., one)| one["operationId"].as_str().unwrap())
            .collect();
        assert!(
            expected.keys().all(|id| ids.contains(id)),
            "the table names only what there is"
        );
        for (.., operation) in &all {
            let id = operation["operationId"].as_str().unwrap();
            assert_eq!(codes(operation), *expected.get(id).unwrap_or(&&[][..]), "{id}");
        }
    });
}

/// Every text of this name in a schema or a parameter.
fn lengths(at: &str, json: &Json, found: &mut Vec<(String, Json)>) {
    const REASONS: [&str; 3] = ["reason", "comment", "note"];
    match json {
        Json::Object(fields) => {
            for (name, value) in fields {
                let place = format!("{at}/{name}");
                if REASONS.contains(&name.as_str()) && at.ends_with("/properties") {
                    found.push((place.clone(), value["maxLength"].clone()));
                }
                lengths(&place, value, found);
            }
            let named = fields.get("name").and_then(Json::as_str);
            if named.is_some_and(|name| REASONS.contains(&name)) && fields.contains_key("in") {
                found.push((at.to_owned(), fields["schema"]["maxLength"].clone()));
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                lengths(&format!("{at}/{index}"), item, found);
            }
        }
        _ => {}
    }
}

/// A body of a request: what is only read has no bound to tell.
fn is_sent(description: &Json, place: &str) -> bool {
    let Some(schema) = place.strip_prefix("/components/schemas/") else {
        return true;
    };
    let schema = schema.split('/').next().unwrap();
    let reference = format!("#/components/schemas/{schema}");
    operations(description).iter().any(|(.., operation)| {
        operation["requestBody"]
            .to_string()
            .contains(&format!("{reference}\""))
    })
}

#[test]
fn reasons_are_described_with_the_length_that_is_taken() {
    run(Engine::Sqlite, async |portal: Portal| {
        let description = description(&portal).await;
        let mut found = Vec::new();
        lengths("", &description, &mut found);
        found.retain(|(place, _)| is_sent(&description, place));
        assert!(found.len() >= 6, "{found:?}");
        for (place, length) in found {
            assert_eq!(length, model::REASON_LENGTH, "{place}");
        }
    });
}

both_engines! {
    async fn what_is_refused_is_refused_as_described(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let offering = world.offering(&provider).selling(cores).await;
        let project = world.project(&buyer).await;
        let (owner, seller) = (portal.api(&buyer.owner).await, portal.api(&provider.manager).await);
        let draft = json!({ "project_id": project.id, "offering_id": offering.id, "plan_id": offering.plan, "name": "Mine",
            "limits": { "cores": "20000000" }, "term_months": 1, "accepted_terms": offering.terms_version, "attributes": {} });
        let placed = owner.post("/orders", draft.clone()).await.ok();
        let order = format!("/orders/{}", placed["summary"]["id"].as_str().unwrap());
        // The backend carries it out by itself; and what is done is done. Each answer is held against the description.
        let done = json!({ "backend_id": "rack 7" });
        seller.post(&format!("{order}/fulfil"), done.clone()).await.refused(409, "not_orderable");
        let impossible = json!({ "reason": "no room" });
        seller.post(&format!("{order}/refuse-fulfilment"), impossible).await.refused(409, "not_orderable");
        portal.work().await;
        let placed = owner.get(&order).await.ok();
        let resource = format!("/resources/{}", placed["summary"]["resource_id"].as_str().unwrap());
        for path in ["/renewal", "/renewal/quote"] {
            owner.post(&format!("{resource}{path}"), json!({ "months": 12 })).await.refused(422, "order_too_large");
        }
    }

    async fn an_order_that_was_overtaken_is_not_tried_again(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        let id = world.order(&buyer.owner, &project, &offering).await;
        world.operations().ordering().fail(id, "No room.").await.unwrap();
        let owner = portal.api(&buyer.owner).await;
        let order = format!("/orders/{id}");
        let resource = owner.get(&order).await.ok()["summary"]["resource_id"].as_str().unwrap().to_owned();
        owner.post(&format!("/resources/{resource}/termination"), json!({})).await.ok();
        owner.post(&format!("{order}/retry"), json!({})).await.refused(409, "open_order");
        owner.post(&format!("{order}/cancel"), json!({})).await.refused(409, "not_orderable");
    }

    async fn a_list_of_an_organization_and_a_project_elsewhere_is_refused(portal: Portal) {
        let world = &portal.world;
        let (one, other) = (world.buyer().await, world.buyer().await);
        let project = world.project(&other).await;
        let staff = portal.api(&world.staff().await).await;
        for list in ["/spend", "/audit"] {
            let answer = staff.get(&format!("{list}?organization={}&project={}", one.id, project.id)).await;
            assert_eq!(answer.faults(), ["project"], "{list}");
            staff.get(&format!("{list}?organization={}&project={}", other.id, project.id)).await.ok();
        }
    }

    async fn the_log_of_a_provider_is_not_that_of_an_organization_or_project(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let staff = portal.api(&world.staff().await).await;
        for other in [format!("organization={}", buyer.id), format!("project={}", project.id)] {
            let answer = staff.get(&format!("/audit?provider={}&{other}", provider.id)).await;
            assert_eq!(answer.faults(), ["provider"], "{other}");
        }
        world.offering(&provider).named("Sold by us").await;
        let seller = portal.api(&provider.manager).await;
        let log = seller.get(&format!("/audit?provider={}", provider.id)).await.ok();
        let told = log["items"].as_array().unwrap().iter();
        let told: Vec<_> = told.filter_map(|one| one["subject_name"].as_str()).collect();
        assert!(told.contains(&"Sold by us"), "{log}");
        let elsewhere = portal.api(&world.provider().await.manager).await;
        elsewhere.get(&format!("/audit?provider={}", provider.id)).await.refused(404, "not_found");
    }

    async fn one_line_of_use_that_is_none_refuses_itself_alone(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::used("cpu", "CPU-hour").at("1")).await;
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let at = domain::Clock::now(world.clock());
        world.clock().advance(chrono::TimeDelta::hours(2));
        let line = |key: &str| json!({ "resource_id": resource, "component": "cpu", "quantity": "1", "key": key,
            "window_start": at, "window_end": at + chrono::TimeDelta::hours(1) });
        let mut unknown = line("b");
        unknown["colour"] = json!("red");
        let seller = portal.api(&provider.manager).await;
        let receipt = seller.post("/usage", json!([line("a"), null, unknown, line("c")])).await.ok();
        assert_eq!(receipt["outcomes"], json!(["recorded", "refused", "refused", "recorded"]), "{receipt}");
        let refused: Vec<_> = receipt["refused"].as_array().unwrap().iter().map(|one| (&one["index"], &one["code"])).collect();
        assert_eq!(refused, [(&json!(1), &json!("invalid")), (&json!(2), &json!("invalid"))]);
        let whole: Answer = seller.send(Method::POST, "/usage", Some(&json!({ "a": 1 }))).await;
        whole.faults();
    }

    async fn one_line_of_use_at_a_time_that_is_none_refuses_itself_alone(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::used("cpu", "CPU-hour").at("1")).await;
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let at = domain::Clock::now(world.clock());
        world.clock().advance(chrono::TimeDelta::hours(2));
        let line = |key: &str, from: &str, until: &str| json!({ "resource_id": resource, "component": "cpu",
            "quantity": "1", "key": key, "window_start": from, "window_end": until });
        let good = |key: &str| line(key, &at.to_rfc3339(), &(at + chrono::TimeDelta::hours(1)).to_rfc3339());
        let ends = [
            ("-262143-01-01T00:00:00Z", "-262143-01-01T01:00:00Z"),
            ("-9999-01-01T00:00:00Z", "-9999-01-01T01:00:00Z"),
            ("0000-12-31T00:00:00Z", "0000-12-31T01:00:00Z"),
            ("+10000-01-01T00:00:00Z", "+10000-01-01T01:00:00Z"),
            ("+262142-12-31T23:00:00Z", "+262142-12-31T23:59:59.999999999Z"),
            ("-262143-01-01T00:00:00Z", "+262142-12-31T23:59:59Z"),
            ("+999999-01-01T00:00:00Z", "2025-02-31T00:00:00Z"),
        ];
        let mut lines = vec![good("first")];
        lines.extend(ends.iter().map(|(from, until)| line(from, from, until)));
        lines.push(good("last"));
        let receipt = portal.api(&provider.manager).await.post("/usage", json!(lines)).await.ok();
        let refused = receipt["refused"].as_array().unwrap();
        assert_eq!((receipt["recorded"].as_u64(), refused.len()), (Some(2), ends.len()), "{receipt}");
        for one in refused {
            assert!(["window", "outside_life"].contains(&one["code"].as_str().unwrap()), "{one}");
        }
    }
}
