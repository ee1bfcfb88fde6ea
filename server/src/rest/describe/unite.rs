//! Shapes that are put together of others (`allOf`) become plain ones: generators of clients understand objects and
//! choices of objects, but few of them a choice inside of a whole.

use serde_json::{Map, Value as Json, json};

use super::each_operation;

const SCHEMAS: &str = "#/components/schemas/";

/// Replaces each named `allOf` by an object, or by a choice of objects where a part is one; so is one that a named choice
/// (`oneOf`) offers.
pub(super) fn unite(api: &mut Json) {
    let Some(named) = api.pointer("/components/schemas").and_then(Json::as_object) else {
        return;
    };
    let named = named.clone();
    let mut united = Vec::new();
    for (name, schema) in &named {
        if schema.get("allOf").is_some() {
            united.push((name.clone(), without_wholes(schema, &named)));
        } else if let Some(choice) = schema.get("oneOf").and_then(Json::as_array) {
            let plain: Vec<Json> = choice.iter().map(|one| without_wholes(one, &named)).collect();
            let mut whole = schema.clone();
            if let Some(fields) = whole.as_object_mut() {
                fields.insert("oneOf".into(), plain.into());
            }
            united.push((name.clone(), whole));
        }
    }
    for (name, whole) in united {
        if let Some(place) = api.pointer_mut(&format!("/components/schemas/{name}")) {
            *place = whole;
        }
    }
    unite_parameters(api, &named);
}

/// A shape without wholes; it keeps its own words.
fn without_wholes(one: &Json, named: &Map<String, Json>) -> Json {
    let Some(parts) = one.get("allOf").and_then(Json::as_array) else {
        return one.clone();
    };
    let mut whole = together(parts, named);
    if let (Some(fields), Some(text)) = (whole.as_object_mut(), one.get("description")) {
        fields.insert("description".into(), text.clone());
    }
    whole
}

/// A parameter that is a choice of words with a default is written by utoipa as a whole of the two.
fn unite_parameters(api: &mut Json, named: &Map<String, Json>) {
    each_operation(api, |operation| {
        let parameters = operation
            .fields
            .get_mut("parameters")
            .and_then(Json::as_array_mut);
        for schema in parameters
            .into_iter()
            .flatten()
            .filter_map(|one| one.get_mut("schema"))
        {
            if let Some(parts) = schema.get("allOf").and_then(Json::as_array) {
                *schema = together(parts, named);
            }
        }
    });
}

/// Removes shapes of these names that nothing refers to any more.
pub(super) fn remove_unused(api: &mut Json, names: impl IntoIterator<Item = String>) {
    for name in names {
        let reference = format!("\"{SCHEMAS}{name}\"");
        let used = api.to_string().contains(&reference);
        let schemas = api
            .pointer_mut("/components/schemas")
            .and_then(Json::as_object_mut);
        if let Some(schemas) = schemas.filter(|_| !used) {
            schemas.remove(&name);
        }
    }
}

fn together(parts: &[Json], named: &Map<String, Json>) -> Json {
    let mut wholes = vec![Map::new()];
    for part in parts {
        let options = options(part, named);
        wholes = wholes
            .iter()
            .flat_map(|whole| options.iter().map(move |option| joined(whole, option)))
            .collect();
    }
    let mut wholes: Vec<Json> = wholes.into_iter().map(Json::Object).collect();
    match (wholes.pop(), wholes.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            wholes.extend(last);
            json!({ "oneOf": wholes })
        }
    }
}

/// The objects that a part may be.
fn options(part: &Json, named: &Map<String, Json>) -> Vec<Map<String, Json>> {
    let name = part.get("$ref").and_then(Json::as_str);
    let name = name.and_then(|name| name.strip_prefix(SCHEMAS));
    let part = name.and_then(|name| named.get(name)).unwrap_or(part);
    if let Some(parts) = part.get("allOf").and_then(Json::as_array) {
        return options(&together(parts, named), named);
    }
    match part.get("oneOf").and_then(Json::as_array) {
        Some(choice) => choice.iter().flat_map(|one| options(one, named)).collect(),
        None => part.as_object().cloned().into_iter().collect(),
    }
}

fn joined(one: &Map<String, Json>, other: &Map<String, Json>) -> Map<String, Json> {
    let mut whole = one.clone();
    for (name, value) in other {
        match (whole.get_mut(name), value) {
            (Some(Json::Object(known)), Json::Object(more)) => known.extend(more.clone()),
            (Some(Json::Array(known)), Json::Array(more)) => known.extend(more.iter().cloned()),
            (Some(_), _) => {}
            (None, value) => drop(whole.insert(name.clone(), value.clone())),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_of_words_keeps_its_type_beside_its_default() {
        let words = json!({ "type": "string", "enum": ["newest", "oldest"] });
        let schema = json!({ "allOf": [words, { "default": "newest", "type": "object" }] });
        let mut api = json!({
            "components": { "schemas": {} },
            "paths": { "/orders": { "get": { "parameters": [{ "in": "query", "name": "sort", "schema": schema }] } } },
        });
        unite(&mut api);
        assert_eq!(
            api["paths"]["/orders"]["get"]["parameters"][0]["schema"],
            json!({ "type": "string", "enum": ["newest", "oldest"], "default": "newest" })
        );
    }

    #[test]
    fn a_choice_within_a_whole_becomes_a_choice_of_wholes() {
        let object = |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
        let mut api = json!({ "components": { "schemas": {
            "Kind": { "oneOf": [object("date"), object("text")] },
            "Field": { "description": "A field.", "allOf": [{ "$ref": "#/components/schemas/Kind" }, object("key")] },
            "Both": { "allOf": [object("one"), object("two")] },
            "Either": { "description": "One.", "oneOf": [
                object("three"),
                { "description": "The two.", "allOf": [{ "$ref": "#/components/schemas/Both" }, object("tag")] },
            ] },
        } } });
        unite(&mut api);
        let schemas = &api["components"]["schemas"];
        let choice = schemas["Field"]["oneOf"].as_array().unwrap();
        let required: Vec<&Json> = choice.iter().map(|one| &one["required"]).collect();
        assert_eq!(required, [&json!(["date", "key"]), &json!(["text", "key"])]);
        assert_eq!(schemas["Field"]["description"], "A field.");
        assert_eq!(schemas["Both"]["required"], json!(["one", "two"]));
        assert_eq!(schemas["Either"]["oneOf"][0], object("three"));
        let whole = &schemas["Either"]["oneOf"][1];
        assert_eq!(whole["required"], json!(["one", "two", "tag"]));
        assert_eq!(whole["description"], "The two.");
        remove_unused(&mut api, ["Kind".to_owned()]);
        assert!(api.pointer("/components/schemas/Kind").is_none());
    }
}
