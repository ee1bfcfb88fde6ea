//! The operations of the API, by its own description.

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use serde_json::Value;

use super::fields::path_part;
use super::hostile;
use super::known::{Ids, is_id};
use crate::visit::encoded;

/// Where the API begins.
const BASE: &str = "/api/v1";

/// An operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: String,
    path: String,
    query: Vec<Parameter>,
    body: Option<Value>,
    /// It changes what was read before.
    pub(super) takes_etag: bool,
    pub(super) takes_key: bool,
}

#[derive(Debug)]
struct Parameter {
    name: String,
    /// What it may be, where that is a list.
    values: Vec<String>,
}

/// A request to be sent.
pub(super) struct Call {
    pub(super) path: String,
    pub(super) body: String,
}

/// Every operation, in the order of the description.
pub(super) fn read(description: &Value) -> Result<Vec<Operation>> {
    let paths = description
        .get("paths")
        .and_then(Value::as_object)
        .context("the description has no paths")?;
    let mut all = Vec::new();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            all.push(Operation::of(path, method, operation));
        }
    }
    ensure!(!all.is_empty(), "the description has no operations");
    Ok(all)
}

impl Operation {
    fn of(path: &str, method: &str, operation: &Value) -> Self {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let parameters: Vec<&Value> = parameters.into_iter().flatten().collect();
        let text = |parameter: &Value, name: &str| {
            let text = parameter.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let has_header = |name: &str| {
            parameters
                .iter()
                .any(|one| text(one, "in") == "header" && text(one, "name").eq_ignore_ascii_case(name))
        };
        let in_query = parameters.iter().filter(|one| text(one, "in") == "query");
        Self {
            method: method.to_uppercase(),
            path: path.to_owned(),
            takes_etag: has_header("if-match"),
            takes_key: has_header("idempotency-key"),
            query: in_query
                .map(|one| Parameter {
                    name: text(one, "name"),
                    values: values(one),
                })
                .collect(),
            body: operation
                .pointer("/requestBody/content/application~1json/example")
                .cloned(),
        }
    }

    /// A request for it, sometimes with one thing that is not meant.
    pub(super) fn call(&self, ids: &Ids, rng: &mut Rng) -> Call {
        let mut path = String::from(if self.path.starts_with(BASE) { "" } else { BASE });
        let mut kind = "";
        for part in self.path.split('/').skip(1) {
            let value = if part.starts_with('{') {
                part_of(kind, ids, rng)
            } else {
                part.to_owned()
            };
            path.push('/');
            path.push_str(&value);
            kind = part;
        }
        let query = self.query(rng);
        if !query.is_empty() {
            path = format!("{path}?{query}");
        }
        let mut body = self.body.clone();
        if let Some(body) = &mut body {
            name_real_things(body, "", ids, rng);
            if rng.bool() {
                twist(body, rng);
            }
        }
        Call {
            path,
            body: body.map(|body| body.to_string()).unwrap_or_default(),
        }
    }

    fn query(&self, rng: &mut Rng) -> String {
        let mut pairs = Vec::new();
        for parameter in &self.query {
            if rng.u8(..4) > 0 {
                continue;
            }
            let value = match rng.choice(&parameter.values) {
                Some(value) if rng.u8(..3) > 0 => value.clone(),
                _ => hostile::text(rng).chars().take(600).collect(),
            };
            pairs.push((parameter.name.clone(), value));
        }
        encoded(&pairs)
    }
}

/// What stands in the place of an id in a path: mostly one of the kind that the path speaks of.
fn part_of(kind: &str, ids: &Ids, rng: &mut Rng) -> String {
    let value = match rng.u8(..20) {
        0 => hostile::text(rng),
        1 => hostile::id(rng),
        2 => ids.any(rng).unwrap_or_default(),
        _ => ids.of(kind, rng).unwrap_or_default(),
    };
    // An empty part would be another path.
    path_part(if value.is_empty() { "none" } else { &value })
}

fn values(parameter: &Value) -> Vec<String> {
    let listed = parameter.pointer("/schema/enum").and_then(Value::as_array);
    let mut values: Vec<String> = listed
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    if parameter.pointer("/schema/type").and_then(Value::as_str) == Some("integer") {
        values.extend(["1", "5", "100"].map(str::to_owned));
    }
    values
}

/// Puts ids of things that are there into an example.
fn name_real_things(value: &mut Value, called: &str, ids: &Ids, rng: &mut Rng) {
    match value {
        Value::Array(all) => all
            .iter_mut()
            .for_each(|one| name_real_things(one, called, ids, rng)),
        Value::Object(fields) => {
            for (name, value) in fields {
                name_real_things(value, name, ids, rng);
            }
        }
        Value::String(text) if is_id(text) => {
            let thing = called.strip_suffix("_id").unwrap_or(called);
            if let Some(id) = ids.of(&format!("{thing}s"), rng) {
                *text = id;
            }
        }
        _ => {}
    }
}

/// Changes one thing somewhere in a body.
fn twist(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Object(fields) if !fields.is_empty() && rng.u8(..8) > 0 => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let Some(name) = rng.choice(names) else { return };
            match rng.u8(..8) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert("surprise".to_owned(), hostile::json(rng))),
                _ => {
                    if let Some(inner) = fields.get_mut(&name) {
                        twist(inner, rng);
                    }
                }
            }
        }
        Value::Array(all) if !all.is_empty() && rng.u8(..4) > 0 => {
            if rng.u8(..4) == 0 {
                let again = all.clone();
                all.extend(again);
                return;
            }
            if let Some(inner) = rng.choice(all.iter_mut()) {
                twist(inner, rng);
            }
        }
        Value::String(text) if rng.u8(..3) == 0 => *text = hostile::number(rng),
        Value::String(text) if rng.u8(..4) == 0 => *text = hostile::date(rng),
        other => *other = hostile::json(rng),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_operation_is_called_with_ids_that_were_seen() {
        let description = json!({ "paths": { "/api/v1/orders/{id}/approve": { "post": {
            "parameters": [{ "in": "header", "name": "Idempotency-Key" }],
            "requestBody": { "content": { "application/json": { "example": { "comment": "x" } } } },
        } } } });
        let operations = read(&description).unwrap();
        let [operation] = operations.as_slice() else {
            panic!("{operations:?}");
        };
        let id = "0190aaaa-0000-7000-8000-000000000009";
        let mut ids = Ids::default();
        ids.learn_json(&json!([{ "id": id }]), "orders");
        let fits = |seed| {
            let call = operation.call(&ids, &mut Rng::with_seed(seed));
            call.path == format!("/api/v1/orders/{}/approve", path_part(id))
        };
        assert!(operation.takes_key && !operation.takes_etag && operation.method == "POST");
        assert!((0..100).filter(|seed| fits(*seed)).count() > 60);
    }
}
