use std::collections::BTreeSet;

use model::Scope;
use reqwest::Method;
use serde_json::{Value as Json, json};
use testkit::{Engine, run};

use super::{
    Parts, Things, another_backend, another_grant, another_rule, another_webhook, callers, grant_of, table,
    things,
};
use crate::{
    api::{Answer, Api},
    openapi::operations,
    portal::Portal,
    shop,
};

/// A request to an endpoint, as it is described and as it is sent.
struct Case {
    method: &'static str,
    described: &'static str,
    sent: String,
    body: Option<Json>,
}

fn case(method: &'static str, described: &'static str, sent: impl Into<String>, body: Option<Json>) -> Case {
    Case {
        method,
        described,
        sent: sent.into(),
        body,
    }
}

fn get(described: &'static str, ids: &[&dyn ToString]) -> Case {
    case("GET", described, filled(described, ids), None)
}

fn post(described: &'static str, ids: &[&dyn ToString], body: Json) -> Case {
    case("POST", described, filled(described, ids), Some(body))
}

fn patch(described: &'static str, ids: &[&dyn ToString], body: Json) -> Case {
    case("PATCH", described, filled(described, ids), Some(body))
}

fn put(described: &'static str, ids: &[&dyn ToString], body: Json) -> Case {
    case("PUT", described, filled(described, ids), Some(body))
}

/// The path with its parameters replaced one after the other.
fn filled(path: &str, ids: &[&dyn ToString]) -> String {
    let mut ids = ids.iter();
    let part = |part: &str| {
        if part.starts_with('{') {
            ids.next().unwrap().to_string()
        } else {
            part.to_owned()
        }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn every_endpoint_answers_each_role_as_the_table_says() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let callers = callers(&portal.world, &things).await;
        let mut apis = Vec::new();
        for (_, actor) in &callers {
            apis.push(match actor {
                Some(actor) => portal.api(actor).await,
                None => Api::new(&portal.base, ""),
            });
        }
        let cases = cases(&portal, &things).await;
        all_are_there(&portal, &cases).await;
        let mut lines = Vec::new();
        for case in &cases {
            let mut statuses = Vec::new();
            for api in &apis {
                statuses.push(status(&portal, &things, api, case).await);
            }
            lines.push((format!("{:<6} {}", case.method, case.described), statuses));
        }
        let names: Vec<String> = callers.into_iter().map(|(name, _)| name).collect();
        insta::assert_snapshot!(table(&names, &lines));
    });
}

async fn all_are_there(portal: &Portal, cases: &[Case]) {
    let request = reqwest::Client::new().get(format!("{}/api/v1/openapi.json", portal.base));
    let description = Answer::of("description".into(), request).await.ok();
    let described: BTreeSet<(String, String)> = operations(&description)
        .into_iter()
        .map(|(path, method, _)| (path.replace("/api/v1", ""), method))
        .collect();
    let tried = cases
        .iter()
        .map(|case| (case.described.to_owned(), case.method.to_owned()))
        .collect();
    let missing: Vec<_> = described.symmetric_difference(&tried).collect();
    assert!(
        missing.is_empty(),
        "the table and the description differ in {missing:#?}"
    );
}

async fn status(portal: &Portal, things: &Things, api: &Api, case: &Case) -> u16 {
    let method: Method = case.method.parse().unwrap();
    let path = match (case.method, case.described) {
        ("DELETE", "/grants/{id}") => format!("/grants/{}", another_grant(portal, things).await),
        ("DELETE", "/providers/{id}/backends/{backend}") => {
            let backend = another_backend(portal, things).await;
            format!("/providers/{}/backends/{backend}", things.provider.id)
        }
        ("DELETE", "/webhooks/{id}") => {
            let webhook = another_webhook(portal, Scope::Organization(things.buyer.id)).await;
            format!("/webhooks/{webhook}")
        }
        ("DELETE", "/approval-rules/{id}") => {
            let rule = another_rule(portal, Scope::Organization(things.buyer.id)).await;
            format!("/approval-rules/{rule}")
        }
        _ => case.sent.clone(),
    };
    let version: &[(&str, &str)] = if matches!(case.method, "PUT" | "PATCH") {
        &[("if-match", "*")]
    } else {
        &[]
    };
    let answer = api.send_with(method, &path, version, case.body.as_ref()).await;
    assert!(answer.status < 500, "{}: {}", answer.asked, answer.text);
    answer.status
}

async fn cases(portal: &Portal, things: &Things) -> Vec<Case> {
    let parts = Parts::of(portal, things).await;
    let mut all = structure(things);
    all.extend(catalogue(things));
    all.extend(offerings(things, &parts));
    all.extend(orders(things));
    all.extend(resources(things));
    all.extend(operations_of_staff(things));
    all.extend(notices());
    all.extend(webhooks(things));
    all.extend(approvals(things));
    all
}

fn notices() -> Vec<Case> {
    let unknown = "0190aaaa-0000-7000-8000-000000000001";
    vec![
        get("/notices", &[]),
        post("/notices/{id}/read", &[&unknown], json!({})),
        post("/notices/read", &[], json!({ "until": unknown })),
        get("/notices/settings", &[]),
        put("/notices/settings", &[], json!({ "told": ["roles"] })),
    ]
}

fn structure(things: &Things) -> Vec<Case> {
    let (organization, project) = (&things.buyer.id, &things.project.id);
    let nameless = json!({ "organization_id": organization, "name": "", "slug": null, "description": "",
        "start_date": null, "end_date": null, "approval_limit": null });
    let change = json!({ "name": "" });
    let email = &things.buyer.owner.email;
    vec![
        get("/me", &[]),
        get("/me/tokens", &[]),
        get("/organizations", &[]),
        post("/organizations", &[], json!({ "name": "" })),
        get("/organizations/{id}", &[organization]),
        patch("/organizations/{id}", &[organization], json!({ "name": "" })),
        get("/organizations/{id}/members", &[organization]),
        post("/organizations/{id}/members", &[organization], grant_of(email)),
        get("/projects", &[]),
        post("/projects", &[], nameless),
        get("/projects/{id}", &[project]),
        patch("/projects/{id}", &[project], change),
        get("/projects/{id}/members", &[project]),
        post("/projects/{id}/members", &[project], grant_of(email)),
        case("GET", "/grants", format!("/grants?project={project}"), None),
        post(
            "/grants",
            &[],
            json!({ "email": email, "role": "staff", "scope": { "kind": "project", "id": project } }),
        ),
        get("/grants/{id}", &[&things.grant]),
        case("DELETE", "/grants/{id}", "", None),
        put(
            "/grants/{id}/end",
            &[&things.grant],
            json!({ "expires_at": "2020-01-01T00:00:00Z" }),
        ),
        get("/people", &[]),
        get("/people/{id}", &[&things.buyer.owner.user_id]),
        post(
            "/people/{id}/deactivate",
            &[&things.buyer.owner.user_id],
            json!({}),
        ),
        post(
            "/people/{id}/reactivate",
            &[&things.buyer.owner.user_id],
            json!({}),
        ),
        post(
            "/people",
            &[],
            json!({ "email": "", "name": "", "username": "", "password": "" }),
        ),
    ]
}

fn catalogue(things: &Things) -> Vec<Case> {
    let category = json!({ "name": "", "slug": "x", "description": "", "icon": "", "tint": "none",
        "attributes": { "fields": [] } });
    vec![
        get("/categories", &[]),
        post("/categories", &[], category),
        get("/categories/{id}", &[&things.category]),
        get("/offerings", &[]),
        get("/offerings/{id}", &[&things.draft.id]),
        get("/offerings/{id}/terms", &[&things.draft.id]),
        get("/offerings/{id}/terms/{version}", &[&things.draft.id, &1]),
    ]
}

fn offerings(things: &Things, parts: &Parts) -> Vec<Case> {
    let component = &parts.component;
    let (open, draft, gone) = (&things.offering.id, &things.draft.id, &things.archived.id);
    let describe = json!({ "name": "x" });
    let mut wrong = shop::components()[0].clone();
    wrong["terms"]["code"] = json!("");
    let plan = shop::plan("", "1", "1");
    let path = "/offerings/{id}/components/{component}";
    vec![
        get("/plugins", &[]),
        get("/providers/{id}/offerings", &[&things.provider.id]),
        get("/providers/{id}/backends", &[&things.provider.id]),
        post(
            "/providers/{id}/backends",
            &[&things.provider.id],
            json!({ "plugin": "fake", "settings": {} }),
        ),
        get(
            "/providers/{id}/backends/{backend}",
            &[&things.provider.id, &things.backend],
        ),
        case("DELETE", "/providers/{id}/backends/{backend}", "", None),
        post(
            "/offerings",
            &[],
            json!({ "provider_id": things.provider.id, "name": "" }),
        ),
        patch("/offerings/{id}", &[open], describe),
        put("/offerings/{id}/request-form", &[open], json!({ "fields": [] })),
        // It is not delivered by hand.
        put(
            "/offerings/{id}/actions",
            &[open],
            json!([{ "key": "x", "title": "X", "description": "X.", "audience": "users" }]),
        ),
        put(
            "/offerings/{id}/plugin",
            &[open],
            json!({ "plugin": "fake", "settings": {} }),
        ),
        put("/offerings/{id}/duration", &[open], json!({ "grace_days": 3 })),
        post("/offerings/{id}/connection-test", &[open], json!({})),
        get("/offerings/{id}/connection-test", &[open]),
        post("/offerings/{id}/components", &[open], wrong.clone()),
        get(path, &[open, component]),
        patch(path, &[open, component], wrong),
        case("DELETE", path, filled(path, &[open, component]), None),
        post("/offerings/{id}/plans", &[open], plan.clone()),
        get("/offerings/{id}/plans/{plan}", &[open, &things.offering.plan]),
        patch(
            "/offerings/{id}/plans/{plan}",
            &[open, &things.offering.plan],
            plan,
        ),
        post(
            "/offerings/{id}/plans/{plan}/archive",
            &[open, &things.offering.plan],
            json!({}),
        ),
        post(
            "/offerings/{id}/plans/{plan}/restore",
            &[open, &things.offering.plan],
            json!({}),
        ),
        get(
            "/offerings/{id}/plans/{plan}/versions",
            &[open, &things.offering.plan],
        ),
        post(
            "/offerings/{id}/plans/{plan}/withdraw",
            &[open, &things.offering.plan],
            json!({ "version": parts.version }),
        ),
        post(
            "/offerings/{id}/plans/{plan}/correct",
            &[open, &things.offering.plan],
            json!({ "version": parts.version, "scheme": { "scheme": "per_unit", "price": { "amount": "1", "currency": "EUR" } },
                "from": "2020-01-01", "reason": "x" }),
        ),
        get("/offerings/{id}/readiness", &[open]),
        post("/offerings/{id}/publish", &[open], json!({})),
        post("/offerings/{id}/pause", &[draft], json!({ "reason": "x" })),
        post("/offerings/{id}/resume", &[open], json!({})),
        post("/offerings/{id}/archive", &[gone], json!({})),
    ]
}

fn orders(things: &Things) -> Vec<Case> {
    let order = &things.order;
    let draft = json!({ "project_id": things.project.id, "offering_id": things.offering.id,
        "plan_id": things.offering.plan, "name": "x", "limits": { "cpu": "2" }, "attributes": {} });
    let said = json!({ "comment": "x" });
    vec![
        get("/orders", &[]),
        // The terms are not accepted.
        post("/orders", &[], draft.clone()),
        post("/quotes", &[], draft),
        get("/offerings/{id}/order-places", &[&things.offering.id]),
        get("/orders/{id}", &[&things.waiting]),
        get("/orders/{id}/secret-answers", &[&things.waiting]),
        post("/orders/{id}/approve", &[order], said.clone()),
        post("/orders/{id}/reject", &[order], said.clone()),
        post("/orders/{id}/cancel", &[order], said),
        post("/orders/{id}/retry", &[order], json!({})),
        post("/orders/{id}/fulfil", &[order], json!({ "backend_id": "x" })),
        post(
            "/orders/{id}/refuse-fulfilment",
            &[order],
            json!({ "reason": "x" }),
        ),
    ]
}

fn resources(things: &Things) -> Vec<Case> {
    let (resource, ended) = (&things.resource, &things.ended);
    vec![
        get("/resources", &[]),
        get("/resources/{id}", &[resource]),
        post(
            "/resources/{id}/limits",
            &[resource],
            json!({ "limits": { "cpu": "-1" } }),
        ),
        post(
            "/resources/{id}/limits/quote",
            &[resource],
            json!({ "limits": { "cpu": "2" } }),
        ),
        post(
            "/resources/{id}/plan",
            &[resource],
            json!({ "plan_id": things.offering.plan }),
        ),
        post(
            "/resources/{id}/plan/quote",
            &[resource],
            json!({ "plan_id": things.offering.plan }),
        ),
        post("/resources/{id}/renewal", &[resource], json!({ "months": 3 })),
        post(
            "/resources/{id}/renewal/quote",
            &[resource],
            json!({ "months": 3 }),
        ),
        put(
            "/resources/{id}/last-day",
            &[resource],
            json!({ "last_day": "2020-01-01" }),
        ),
        get("/resources/{id}/actions", &[resource]),
        post(
            "/resources/{id}/actions/{key}",
            &[resource, &"restart"],
            json!({ "input": { "x": 1 } }),
        ),
        post("/resources/{id}/parts", &[resource], json!({})),
        get("/actions", &[]),
        get("/actions/{id}", &[&things.asked]),
        post("/actions/{id}/withdraw", &[&things.asked], json!({})),
        post("/actions/{id}/finish", &[&things.task], json!({})),
        post("/actions/{id}/refuse", &[&things.task], json!({ "reason": "x" })),
        get("/endings", &[]),
        post("/resources/{id}/termination", &[ended], json!({ "reason": "x" })),
        get("/resources/{id}/usage", &[resource]),
        get("/resources/{id}/cost", &[resource]),
        post("/usage", &[], json!([])),
    ]
}

fn operations_of_staff(things: &Things) -> Vec<Case> {
    vec![
        get("/accounts", &[]),
        get("/billing-faults", &[]),
        get("/unverified-organizations", &[]),
        get("/organizations/{id}/versions", &[&things.buyer.id]),
        post(
            "/organizations/{id}/verification",
            &[&things.buyer.id],
            json!({ "country": "", "vat_number": "" }),
        ),
        get("/invoices", &[]),
        case(
            "GET",
            "/spend",
            format!("/spend?project={}", things.project.id),
            None,
        ),
        get("/invoices/{id}", &[&things.invoice]),
        get("/invoices/{id}/pdf", &[&things.invoice]),
        post("/months/{month}/close", &[&"2026-02"], json!({})),
        get("/jobs", &[]),
        post("/jobs/{id}/try-again", &[&things.job], json!({})),
        case(
            "GET",
            "/audit",
            format!("/audit?organization={}", things.buyer.id),
            None,
        ),
    ]
}

fn webhooks(things: &Things) -> Vec<Case> {
    let (webhook, organization) = (&things.webhook("organizations"), things.buyer.id);
    let unknown = json!({ "event_id": "0190aaaa-0000-7000-8000-000000000001" });
    let scope = json!({ "kind": "organization", "id": organization });
    vec![
        case(
            "GET",
            "/webhooks",
            format!("/webhooks?organization={organization}"),
            None,
        ),
        post("/webhooks", &[], json!({ "scope": scope, "url": "" })),
        get("/webhooks/{id}", &[webhook]),
        patch("/webhooks/{id}", &[webhook], json!({ "url": "" })),
        case("DELETE", "/webhooks/{id}", "", None),
        post("/webhooks/{id}/pause", &[webhook], json!({})),
        post("/webhooks/{id}/resume", &[webhook], json!({})),
        get("/webhooks/{id}/secret", &[webhook]),
        post(
            "/webhooks/{id}/secret",
            &[webhook],
            json!({ "overlap_hours": 169 }),
        ),
        get("/webhooks/{id}/deliveries", &[webhook]),
        post("/webhooks/{id}/redeliver", &[webhook], unknown.clone()),
        post("/webhooks/{id}/redeliver-since", &[webhook], unknown),
    ]
}

fn approvals(things: &Things) -> Vec<Case> {
    let (rule, organization) = (&things.rule("organizations"), things.buyer.id);
    let scope = json!({ "kind": "organization", "id": organization });
    let trial = json!({ "project_id": things.project.id, "offering_id": things.offering.id,
        "commitment": { "amount": "5.00", "currency": "EUR" }, "placed_by": things.buyer.owner.email });
    let away = json!({ "email": "nobody@example.org", "first_day": "2026-02-12", "last_day": "2026-02-13" });
    vec![
        case(
            "GET",
            "/approval-rules",
            format!("/approval-rules?organization={organization}"),
            None,
        ),
        post(
            "/approval-rules",
            &[],
            json!({ "scope": scope, "name": "", "then": { "action": "skip" } }),
        ),
        post("/approval-rules/forecast", &[], trial),
        get("/approval-rules/{id}", &[rule]),
        patch("/approval-rules/{id}", &[rule], json!({ "name": "" })),
        case("DELETE", "/approval-rules/{id}", "", None),
        post("/approval-rules/{id}/move", &[rule], json!({ "position": 1 })),
        get("/me/deputy", &[]),
        post("/me/deputy", &[], away),
        case("DELETE", "/me/deputy", "/me/deputy", None),
    ]
}
