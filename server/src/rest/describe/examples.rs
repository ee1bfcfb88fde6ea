//! An example of every body, drawn from its shape: one that the shape gives itself, else one made of its parts.

mod samples;

use serde_json::{Map, Value as Json, json};

use super::each_operation;
use samples::sample;

/// Gives every JSON body an example.
pub(super) fn add(api: &mut Json) {
    let schemas = api
        .pointer("/components/schemas")
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    let shapes = Shapes { named: &schemas };
    each_operation(api, |operation| {
        if let Some(content) = operation
            .fields
            .get_mut("requestBody")
            .and_then(|body| body.get_mut("content"))
        {
            shapes.add_to(content);
        }
        for (status, response) in operation.responses() {
            if status.starts_with('2')
                && let Some(content) = response.get_mut("content")
            {
                shapes.add_to(content);
            }
        }
    });
}

struct Shapes<'a> {
    named: &'a Map<String, Json>,
}

impl Shapes<'_> {
    fn add_to(&self, content: &mut Json) {
        let Some(media) = content.get_mut("application/json").and_then(Json::as_object_mut) else {
            return;
        };
        if media.contains_key("example") || media.contains_key("examples") {
            return;
        }
        let example = media
            .get("schema")
            .and_then(|schema| self.example(schema, "", &mut Vec::new()));
        if let Some(example) = example {
            media.insert("example".into(), example);
        }
    }

    /// None where a shape holds itself without end. `called` is the name of the property, `inside` are the shapes that
    /// are being drawn.
    fn example(&self, schema: &Json, called: &str, inside: &mut Vec<String>) -> Option<Json> {
        if let Some(given) = given(schema) {
            return Some(given);
        }
        if let Some(name) = reference(schema) {
            return self.named_example(name, called, inside);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(options) = schema.get(choice).and_then(Json::as_array) {
                return self.first_of(options, called, inside);
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Json::as_array) {
            let mut whole = Map::new();
            for part in parts {
                whole.extend(self.example(part, called, inside)?.as_object()?.clone());
            }
            return Some(Json::Object(whole));
        }
        self.plain(schema, called, inside)
    }

    fn first_of(&self, options: &[Json], called: &str, inside: &mut Vec<String>) -> Option<Json> {
        let is_null = |option: &&Json| option.get("type") == Some(&json!("null"));
        let mut real = options.iter().filter(|option| !is_null(option));
        real.find_map(|option| self.example(option, called, inside))
            .or_else(|| options.iter().find(is_null).map(|_| Json::Null))
    }

    fn named_example(&self, name: &str, called: &str, inside: &mut Vec<String>) -> Option<Json> {
        if inside.iter().any(|one| one == name) {
            return None;
        }
        inside.push(name.to_owned());
        let example = self
            .named
            .get(name)
            .and_then(|schema| self.example(schema, called, inside));
        inside.pop();
        example
    }

    fn plain(&self, schema: &Json, called: &str, inside: &mut Vec<String>) -> Option<Json> {
        match kind(schema) {
            "object" => self.object(schema, inside),
            "array" => Some(
                schema
                    .get("items")
                    .and_then(|items| self.example(items, called, inside))
                    .map_or_else(|| json!([]), |item| json!([item])),
            ),
            "null" => Some(Json::Null),
            "" => Some(json!({})),
            kind => Some(sample(kind, schema, called)),
        }
    }

    fn object(&self, schema: &Json, inside: &mut Vec<String>) -> Option<Json> {
        let required = |name: &str| {
            let list = schema.get("required").and_then(Json::as_array);
            list.into_iter().flatten().any(|one| one == name)
        };
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Json::as_object);
        for (name, part) in properties.into_iter().flatten() {
            // Anything at all: there is no example of it.
            if is_open(part) && !required(name) {
                continue;
            }
            match self.example(part, name, inside) {
                Some(example) => drop(object.insert(name.clone(), example)),
                None if required(name) => return None,
                None => {}
            }
        }
        if let Some(values) = schema.get("additionalProperties").filter(|one| one.is_object())
            && let Some(example) = self.example(values, "", inside)
        {
            object.insert("cpu_hours".into(), example);
        }
        Some(Json::Object(object))
    }
}

fn is_open(schema: &Json) -> bool {
    let says = [
        "$ref", "type", "oneOf", "anyOf", "allOf", "enum", "const", "example",
    ];
    says.iter().all(|word| schema.get(word).is_none())
}

fn given(schema: &Json) -> Option<Json> {
    let first = |name: &str| {
        schema
            .get(name)
            .and_then(Json::as_array)
            .and_then(|list| list.first())
    };
    schema
        .get("example")
        .or_else(|| first("examples"))
        .or_else(|| first("enum"))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shape_that_holds_itself_ends() {
        let schemas = json!({ "Draft": { "type": "object", "required": ["name"], "properties": {
            "name": { "type": "string", "examples": ["it's mine"] },
            "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Draft" } },
            "parent": { "oneOf": [{ "$ref": "#/components/schemas/Draft" }, { "type": "null" }] }
        } } });
        let shapes = Shapes {
            named: schemas.as_object().unwrap(),
        };
        let drawn = shapes.example(
            &json!({ "$ref": "#/components/schemas/Draft" }),
            "",
            &mut Vec::new(),
        );
        assert_eq!(
            drawn,
            Some(json!({ "name": "it's mine", "parts": [], "parent": null }))
        );
    }
}
