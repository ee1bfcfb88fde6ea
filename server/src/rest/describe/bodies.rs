//! Bodies of requests: nothing unknown is taken, and the body of a PATCH (RFC 7396) leaves out what stays.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{each_operation, unite};

const SCHEMAS: &str = "#/components/schemas/";

/// Closes the shapes that requests are made of, and makes the shapes of PATCH bodies.
pub(super) fn close(api: &mut Json) {
    let mut sent = BTreeSet::new();
    let mut patched = BTreeSet::new();
    each_operation(api, |operation| {
        let is_patch = operation.method == "patch";
        if let Some(body) = operation.fields.get_mut("requestBody") {
            references(body, &mut sent);
            if is_patch {
                point_to_patch(body, &mut patched);
            }
        }
    });
    let Some(schemas) = api
        .pointer_mut("/components/schemas")
        .and_then(Json::as_object_mut)
    else {
        return;
    };
    for name in reached_from(schemas, sent) {
        if let Some(schema) = schemas.get_mut(&name) {
            close_one(schema);
        }
    }
    for name in &patched {
        if let Some(patch) = schemas.get(name).map(|whole| without_required(name, whole)) {
            schemas.insert(format!("{name}Patch"), patch);
        }
    }
    unite::remove_unused(api, patched);
}

/// The names that a part of the description refers to.
fn references(part: &Json, names: &mut BTreeSet<String>) {
    match part {
        Json::Object(fields) => {
            let name = fields.get("$ref").and_then(Json::as_str);
            names.extend(
                name.and_then(|name| name.strip_prefix(SCHEMAS))
                    .map(str::to_owned),
            );
            fields.values().for_each(|one| references(one, names));
        }
        Json::Array(items) => items.iter().for_each(|one| references(one, names)),
        _ => {}
    }
}

fn reached_from(schemas: &Map<String, Json>, start: BTreeSet<String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = start.into_iter().collect();
    while let Some(name) = open.pop() {
        let mut next = BTreeSet::new();
        if let Some(schema) = schemas.get(&name) {
            references(schema, &mut next);
        }
        if reached.insert(name) {
            open.extend(next);
        }
    }
    reached
}

fn close_one(schema: &mut Json) {
    let Some(fields) = schema.as_object_mut() else {
        return;
    };
    if fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
        fields.insert("additionalProperties".into(), json!(false));
    }
    for choice in ["oneOf", "anyOf"] {
        let options = fields.get_mut(choice).and_then(Json::as_array_mut);
        options.into_iter().flatten().for_each(close_one);
    }
}

/// Points the body of a PATCH to the shape in which nothing is required.
fn point_to_patch(body: &mut Json, patched: &mut BTreeSet<String>) {
    if let Some(Json::String(name)) = body.pointer_mut("/content/application~1json/schema/$ref") {
        patched.extend(name.strip_prefix(SCHEMAS).map(str::to_owned));
        name.push_str("Patch");
    }
}

fn without_required(name: &str, whole: &Json) -> Json {
    let mut patch = whole.clone();
    if let Some(fields) = patch.as_object_mut() {
        fields.remove("required");
        let description = format!("What changes of a `{name}`: what is left out stays as it is (RFC 7396).");
        fields.insert("description".into(), description.into());
    }
    patch
}
