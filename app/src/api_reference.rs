//! The description of the API (OpenAPI) as people read it: endpoints by group, each with what it takes, what it answers and a
//! call to copy. The description is generated from the handlers, so this page cannot tell anything else than they do.

mod example;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use self::example::{Shapes, type_name};

/// The whole API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What holds for all of it: Markdown in the description, HTML once it is loaded for a page.
    pub about: String,
    /// Endpoints by group, in order of their names.
    pub groups: Vec<Group>,
}

/// Endpoints that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Its endpoints, by path.
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Stable name, for links.
    pub id: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path with parameters in braces.
    pub path: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// More about it, likewise; may be empty.
    pub description: String,
    /// What stands in the address and in headers.
    pub parameters: Vec<Parameter>,
    /// An example of the body, as JSON.
    pub body: Option<String>,
    /// What it answers.
    pub answers: Vec<Answer>,
    /// A call to copy.
    pub call: String,
}

/// A parameter of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    /// Type in words.
    pub kind: String,
    /// Whether it must be given.
    pub required: bool,
    /// What it is; may be empty.
    pub description: String,
}

/// An answer of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Status.
    pub status: String,
    /// When it is given.
    pub description: String,
    /// An example of the body, as JSON; none for refusals, which all look alike.
    pub body: Option<String>,
}

impl Reference {
    /// Reads a description; `address` is where the portal is reached, for the calls.
    pub fn of(description: &Json, address: &str) -> Self {
        let shapes = Shapes::of(description);
        let mut groups: Vec<Group> = Vec::new();
        for (path, item) in entries(description.get("paths")) {
            for (method, operation) in entries(Some(item)) {
                let name = text(operation.pointer("/tags/0"));
                let endpoint = endpoint(method, path, operation, &shapes, address);
                match groups.iter_mut().find(|group| group.name == name) {
                    Some(group) => group.endpoints.push(endpoint),
                    None => groups.push(Group {
                        name,
                        endpoints: vec![endpoint],
                    }),
                }
            }
        }
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        Self {
            about: text(description.pointer("/info/description")),
            groups,
        }
    }
}

fn endpoint(method: &str, path: &str, operation: &Json, shapes: &Shapes<'_>, address: &str) -> Endpoint {
    let body = operation
        .pointer("/requestBody/content")
        .and_then(|content| shapes.body(content));
    let method = method.to_uppercase();
    Endpoint {
        id: text(operation.get("operationId")),
        call: call(&method, path, body.as_deref(), address),
        path: path.to_owned(),
        summary: text(operation.get("summary")),
        description: text(operation.get("description")),
        parameters: operation
            .get("parameters")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .map(parameter)
            .collect(),
        answers: entries(operation.get("responses"))
            .map(|(status, answer)| answer_of(status, answer, shapes))
            .collect(),
        method,
        body,
    }
}

fn parameter(json: &Json) -> Parameter {
    Parameter {
        name: text(json.get("name")),
        place: text(json.get("in")),
        kind: json.get("schema").map(type_name).unwrap_or_default(),
        required: json.get("required").and_then(Json::as_bool).unwrap_or_default(),
        description: text(json.get("description")),
    }
}

fn answer_of(status: &str, json: &Json, shapes: &Shapes<'_>) -> Answer {
    let content = json.get("content").filter(|_| status.starts_with('2'));
    Answer {
        status: status.to_owned(),
        description: text(json.get("description")),
        body: content.and_then(|content| shapes.body(content)),
    }
}

fn call(method: &str, path: &str, body: Option<&str>, address: &str) -> String {
    let address = address.trim_end_matches('/');
    let verb = if method == "GET" {
        String::new()
    } else {
        format!("-X {method} ")
    };
    let start = format!("curl {verb}{address}{path} \\\n  -H \"Authorization: Bearer $STOA_TOKEN\"");
    match body {
        Some(body) => {
            format!(
                "{start} \\\n  -H \"Content-Type: application/json\" \\\n  -d '{}'",
                body.replace('\'', "'\\''")
            )
        }
        None => start,
    }
}

fn entries(json: Option<&Json>) -> impl Iterator<Item = (&str, &Json)> {
    json.and_then(Json::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

fn text(json: Option<&Json>) -> String {
    json.and_then(Json::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn described() -> Json {
        json!({
            "info": { "description": "Everything." },
            "paths": {
                "/api/v1/orders": {
                    "post": {
                        "tags": ["Orders"],
                        "operationId": "post_orders",
                        "summary": "Places an order.",
                        "parameters": [{ "name": "Idempotency-Key", "in": "header", "schema": { "type": ["string", "null"] } }],
                        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Draft" } } } },
                        "responses": {
                            "201": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Draft" } } } },
                            "422": { "description": "Faulty.", "content": { "application/json": { "schema": { "type": "object" } } } }
                        }
                    }
                },
                "/api/v1/categories": { "get": { "tags": ["Catalogue"], "responses": {} } }
            },
            "components": { "schemas": { "Draft": {
                "type": "object",
                "properties": {
                    "name": { "type": "string", "examples": ["it's mine"] },
                    "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Draft" } }
                }
            } } }
        })
    }

    #[test]
    fn endpoints_stand_in_groups_by_name() {
        let read = Reference::of(&described(), "https://stoa.example/");
        let names: Vec<_> = read.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(
            (read.about.as_str(), names),
            ("Everything.", vec!["Catalogue", "Orders"])
        );
    }

    #[test]
    fn a_call_can_be_copied_into_a_shell() {
        let read = Reference::of(&described(), "https://stoa.example/");
        let order = read.groups.last().unwrap().endpoints.first().unwrap();
        assert!(
            order
                .call
                .starts_with("curl -X POST https://stoa.example/api/v1/orders"),
            "{}",
            order.call
        );
        assert!(order.call.contains("it'\\''s mine"), "{}", order.call);
        assert_eq!(order.parameters.first().unwrap().kind, "text, may be empty");
    }

    #[test]
    fn a_shape_that_holds_itself_ends() {
        let read = Reference::of(&described(), "https://stoa.example");
        let order = read.groups.last().unwrap().endpoints.first().unwrap();
        let body: Json = serde_json::from_str(order.body.as_deref().unwrap()).unwrap();
        assert_eq!(body, json!({ "name": "it's mine", "parts": [{}] }));
        let refusal = order.answers.last().unwrap();
        assert_eq!((refusal.status.as_str(), refusal.body.as_ref()), ("422", None));
    }
}
