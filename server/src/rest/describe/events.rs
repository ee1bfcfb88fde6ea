//! What webhooks are told: every kind of event, under `webhooks`.

use model::EventKind;
use serde_json::{Map, Value as Json, json};

/// Adds an entry for each kind of event. All have the same body, in which `type` names the kind.
pub(super) fn add(api: &mut Json) {
    let kinds = EventKind::ALL.iter();
    let told: Map<String, Json> = kinds
        .map(|kind| (kind.as_str().to_owned(), json!({ "post": told_of(*kind) })))
        .collect();
    if let Some(api) = api.as_object_mut() {
        api.insert("webhooks".to_owned(), Json::Object(told));
    }
}

fn told_of(kind: EventKind) -> Json {
    let header = |name: &str, description: &str| json!({ "name": name, "in": "header", "required": true, "description": description, "schema": { "type": "string" } });
    json!({
        "operationId": format!("tell_{}", kind.as_str().replace('.', "_")),
        "summary": kind.label(),
        "description": "Sent by the portal to a webhook. It is signed as the Standard Webhooks specification says.",
        "tags": ["Webhooks"],
        // Who is told checks the signature.
        "security": [],
        "parameters": [
            header("webhook-id", "The same however often the event is told."),
            header("webhook-timestamp", "When it was sent, in seconds since 1970."),
            header("webhook-signature", "A signature with each secret that is in force: `v1,` and HMAC-SHA256 in base64."),
        ],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/WebhookMessage" } } },
        },
        "responses": { "2XX": { "description": "It was taken. After any other answer it is told again later." } },
    })
}
