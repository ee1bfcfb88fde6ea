//! What a control of a schema form starts with.

use model::{Field, FieldKind};
use serde_json::Value as Json;

use crate::reply::FormReply;

/// The texts that the control of `field` shows.
pub(super) fn initial_texts(field: &Field, name: &str, reply: &FormReply, values: &Json) -> Vec<String> {
    if field.kind == FieldKind::Secret {
        return Vec::new();
    }
    let stored = values.get(&field.key).or(field.default.as_ref());
    reply.values_or(
        name,
        stored
            .map(|json| form_texts(&field.kind, json))
            .unwrap_or_default(),
    )
}

/// A stored value as the form sends it.
fn form_texts(kind: &FieldKind, json: &Json) -> Vec<String> {
    match (kind, json) {
        (FieldKind::List { .. }, Json::Array(items)) => {
            vec![items.iter().map(text).collect::<Vec<_>>().join("\n")]
        }
        (_, Json::Array(items)) => items.iter().map(text).collect(),
        (_, Json::Null) => Vec::new(),
        (_, one) => vec![text(one)],
    }
}

fn text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
