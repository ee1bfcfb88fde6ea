//! An offering made through the API alone, from nothing to published.

use serde_json::{Value as Json, json};

use crate::api::Api;

/// What is sold: reserved seats, and hours by usage.
pub(crate) fn components() -> [Json; 2] {
    let terms = |code: &str, name: &str, unit: &str, charge: &str, bounds: Json| {
        let mut terms =
            json!({ "code": code, "name": name, "unit": unit, "charge": charge, "limit_period": "month" });
        terms
            .as_object_mut()
            .unwrap()
            .extend(bounds.as_object().unwrap().clone());
        json!({ "terms": terms, "description": name, "article_code": "A-1" })
    };
    let bounds = json!({ "min": "1", "max": "20", "default": "2", "step": "1" });
    [
        terms("seats", "Seats", "seat", "limit", bounds),
        terms("hours", "Hours", "hour", "usage", json!({})),
    ]
}

pub(crate) fn plan(name: &str, seat: &str, hour: &str) -> Json {
    let price = |component: &str, price: &str| json!({ "component": component, "scheme": { "scheme": "per_unit", "price": { "amount": price, "currency": "EUR" } } });
    json!({ "name": name, "description": "For everybody.", "currency": "EUR", "billing_period": "month",
        "proration": "day", "charge_mode": "arrears", "setup_fee": { "amount": "7.50", "currency": "EUR" },
        "prices": [price("seats", seat), price("hours", hour)] })
}

/// The five kinds of question that the journey asks.
pub(crate) fn request_form() -> Json {
    json!({ "fields": [
        { "key": "purpose", "label": "Purpose", "type": "text", "required": true, "help": "One sentence." },
        { "key": "size", "label": "Size", "type": "choice", "required": true,
          "choices": [{ "value": "s", "label": "Small" }, { "value": "l", "label": "Large" }] },
        { "key": "people", "label": "People", "type": "integer", "min": 1, "max": 50 },
        { "key": "start", "label": "First day", "type": "date", "min": "2026-01-01" },
        { "key": "backup", "label": "Back-up", "type": "boolean" },
    ] })
}

/// Makes, describes, prices and publishes an offering; answers it as it is then.
pub(crate) async fn open_shop(api: &Api, provider: &str, category: &str, plugin: (&str, Json)) -> Json {
    let made = api
        .post(
            "/offerings",
            json!({ "provider_id": provider, "name": "Tere tarkvara Õ" }),
        )
        .await
        .ok();
    let id = made["summary"]["id"].as_str().unwrap().to_owned();
    let at = |part: &str| format!("/offerings/{id}{part}");
    let draft = json!({ "name": "Tere tarkvara Õ", "summary": "Software for groups.",
        "description": "**Software**, with *seats*.", "terms_of_service": "Be kind.", "category": category,
        "attributes": {}, "visibility": "shared", "audience": [], "provider_approval": false });
    api.patch(&at(""), draft).await.ok();
    api.put(&at(""), "/request-form", request_form()).await.ok();
    let (kind, settings) = plugin;
    let chosen = json!({ "plugin": kind, "settings": settings });
    api.put(&at(""), "/plugin", chosen).await.ok();
    for component in components() {
        api.post(&at("/components"), component).await.ok();
    }
    api.post(&at("/plans"), plan("Basic", "10", "0.40")).await.ok();
    api.post(&at("/plans"), plan("Campus", "8", "0.30")).await.ok();
    let missing: Vec<Json> = api.get(&at("/readiness")).await.ok().as_array().unwrap().clone();
    let missing: Vec<&Json> = missing.iter().filter(|line| line["met"] == false).collect();
    assert!(missing.is_empty(), "{missing:?}");
    api.post(&at("/publish"), json!({})).await.ok()
}

/// An order of three seats in the offering's first plan.
pub(crate) fn order(project: &str, offering: &Json) -> Json {
    json!({ "project_id": project, "offering_id": offering["summary"]["id"], "plan_id": offering["plans"][0]["id"],
        "name": "Our seats", "limits": { "seats": "3" }, "accepted_terms": offering["terms_version"],
        "attributes": { "purpose": "Ice models", "size": "l", "people": 4, "start": "2026-02-12", "backup": true } })
}
