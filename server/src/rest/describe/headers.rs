//! Headers: keys that make a repeated request harmless, versions of what was read, places of what was made.

use domain::idempotency::{KEY_PATTERN, LONGEST_KEY};
use serde_json::{Value as Json, json};

use super::Operation;

/// Adds `Idempotency-Key` to every POST, `Location` to everything that makes something, `ETag` beside `If-Match`.
pub(super) fn add(operation: &mut Operation<'_>) {
    if operation.method == "post" && !operation.has_parameter("header", "Idempotency-Key") {
        let key = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
        match operation
            .fields
            .get_mut("parameters")
            .and_then(Json::as_array_mut)
        {
            Some(parameters) => parameters.push(key),
            None => drop(operation.fields.insert("parameters".into(), json!([key]))),
        }
    }
    let replays = operation.method == "post";
    let versioned = operation.has_parameter("header", "If-Match")
        || operation.fields.remove("x-versioned") == Some(Json::Bool(true));
    for (status, response) in operation.responses() {
        if !status.starts_with('2') {
            continue;
        }
        let mut headers = serde_json::Map::new();
        if status == "201" {
            headers.insert(
                "Location".into(),
                json!({ "$ref": "#/components/headers/Location" }),
            );
        }
        if versioned {
            headers.insert("ETag".into(), json!({ "$ref": "#/components/headers/ETag" }));
        }
        if replays {
            headers.insert(
                "Idempotency-Replayed".into(),
                json!({ "$ref": "#/components/headers/IdempotencyReplayed" }),
            );
        }
        if headers.is_empty() {
            continue;
        }
        match response.get_mut("headers").and_then(Json::as_object_mut) {
            Some(known) => known.extend(headers),
            None => drop(response.insert("headers".into(), Json::Object(headers))),
        }
    }
}

/// What the operations above refer to.
pub(super) fn shared() -> [(&'static str, &'static str, Json); 4] {
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    [
        (
            "parameters",
            "IdempotencyKey",
            json!({ "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Chosen by the client. A request that is sent again with the same key has one effect, and its \
                    first success is answered again for a day, also when the client hung up.",
                "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": KEY_PATTERN } }),
        ),
        (
            "headers",
            "Location",
            text(
                "Where the thing is that was made.",
                "/api/v1/orders/0190aaaa-0000-7000-8000-000000000001",
            ),
        ),
        (
            "headers",
            "ETag",
            text(
                "The version of the thing; a change sends it as `If-Match`.",
                "\"7\"",
            ),
        ),
        (
            "headers",
            "IdempotencyReplayed",
            json!({ "description": "Sent when the answer is the one that was kept under the key.",
                "schema": { "type": "string", "enum": ["true"] } }),
        ),
    ]
}
