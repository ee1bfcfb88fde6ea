//! An example for a shape of the description.

use serde_json::{Map, Value as Json, json};

/// Deeper than this nothing is drawn: shapes may hold themselves.
const DEEPEST: usize = 6;

/// The named shapes of a description.
pub(super) struct Shapes<'a> {
    named: Option<&'a Map<String, Json>>,
}

impl<'a> Shapes<'a> {
    pub(super) fn of(description: &'a Json) -> Self {
        Self {
            named: description
                .pointer("/components/schemas")
                .and_then(Json::as_object),
        }
    }

    /// An example of a body, as indented JSON; none for bodies that are not JSON.
    pub(super) fn body(&self, content: &Json) -> Option<String> {
        let schema = content.get("application/json")?.get("schema")?;
        serde_json::to_string_pretty(&self.example(schema, &mut Vec::new())).ok()
    }

    /// `inside` are the names of the shapes that are being drawn.
    fn example<'s>(&'s self, schema: &'s Json, inside: &mut Vec<&'s str>) -> Json {
        if let Some(given) = given(schema) {
            return given;
        }
        if let Some(name) = reference(schema) {
            return self.named_example(name, inside);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(options) = schema.get(choice).and_then(Json::as_array) {
                let first = options
                    .iter()
                    .find(|option| option.get("type") != Some(&json!("null")));
                return first.map_or(Json::Null, |first| self.example(first, inside));
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Json::as_array) {
            let objects = parts
                .iter()
                .filter_map(|part| self.example(part, inside).as_object().cloned());
            return Json::Object(objects.flatten().collect());
        }
        self.plain(schema, inside)
    }

    fn named_example<'s>(&'s self, name: &'s str, inside: &mut Vec<&'s str>) -> Json {
        if inside.contains(&name) || inside.len() >= DEEPEST {
            return json!({});
        }
        let Some(schema) = self.named.and_then(|named| named.get(name)) else {
            return json!({});
        };
        inside.push(name);
        let example = self.example(schema, inside);
        inside.pop();
        example
    }

    fn plain<'s>(&'s self, schema: &'s Json, inside: &mut Vec<&'s str>) -> Json {
        match kind(schema) {
            "object" => {
                let properties = schema
                    .get("properties")
                    .and_then(Json::as_object)
                    .into_iter()
                    .flatten();
                Json::Object(
                    properties
                        .map(|(name, part)| (name.clone(), self.example(part, inside)))
                        .collect(),
                )
            }
            "array" => match schema.get("items") {
                Some(items) => json!([self.example(items, inside)]),
                None => json!([]),
            },
            "integer" => json!(1),
            "number" => json!(1.5),
            "boolean" => json!(true),
            "string" => Json::from(sample(schema.get("format").and_then(Json::as_str))),
            _ => Json::Null,
        }
    }
}

fn given(schema: &Json) -> Option<Json> {
    let several = |name: &str| {
        schema
            .get(name)
            .and_then(Json::as_array)
            .and_then(|list| list.first())
    };
    schema
        .get("example")
        .or_else(|| several("examples"))
        .or_else(|| several("enum"))
        .or_else(|| schema.get("const"))
        .cloned()
}

fn reference(schema: &Json) -> Option<&str> {
    schema
        .get("$ref")?
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

/// The first type that is not null.
fn kind(schema: &Json) -> &str {
    match schema.get("type") {
        Some(Json::String(kind)) => kind,
        Some(Json::Array(kinds)) => kinds
            .iter()
            .filter_map(Json::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ => "",
    }
}

fn sample(format: Option<&str>) -> &'static str {
    match format {
        Some("uuid") => "0190aaaa-0000-7000-8000-000000000001",
        Some("date") => "2026-11-30",
        Some("date-time") => "2026-11-30T12:00:00Z",
        _ => "text",
    }
}

/// The type of a parameter, for people.
pub(super) fn type_name(schema: &Json) -> String {
    let optional =
        matches!(schema.get("type"), Some(Json::Array(kinds)) if kinds.iter().any(|kind| kind == "null"));
    let name = match (kind(schema), schema.get("format").and_then(Json::as_str)) {
        (_, Some("uuid")) => "id",
        (_, Some("date")) => "day",
        (_, Some("date-time")) => "time",
        ("string", _) => "text",
        ("integer", _) => "whole number",
        ("number", _) => "number",
        ("boolean", _) => "true or false",
        ("array", _) => "list",
        _ => reference(schema).unwrap_or("value"),
    };
    if optional {
        format!("{name}, may be empty")
    } else {
        name.to_owned()
    }
}
