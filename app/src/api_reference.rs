//! The description of the API (OpenAPI) as people read it: endpoints by group, each with what it takes, what it answers and a
//! call to copy. The description is generated from the handlers, so this page cannot tell anything else than they do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The whole API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What holds for all of it: Markdown in the description, HTML once it is loaded for a page.
    pub about: String,
    /// Refusals that many endpoints have in common; they are not repeated at each.
    pub common: Vec<Refusal>,
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
    /// What it answers when it succeeds.
    pub answers: Vec<Answer>,
    /// What it can refuse with.
    pub refusals: Vec<Refusal>,
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

/// A success of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Status.
    pub status: String,
    /// When it is given.
    pub description: String,
    /// An example of the body, as JSON; none where there is no body or it is not JSON.
    pub body: Option<String>,
}

/// A refusal of an endpoint: a problem document with this code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Status.
    pub status: String,
    /// Code.
    pub code: String,
    /// When it comes.
    pub when: String,
}

impl Reference {
    /// Reads a description; `address` is where the portal is reached, for the calls.
    pub fn of(description: &Json, address: &str) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (path, item) in entries(description.get("paths")) {
            for (method, operation) in entries(Some(item)) {
                let name = text(operation.pointer("/tags/0"));
                let endpoint = endpoint(method, path, operation, description, address);
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
            common: extract_shared_refusals(&mut groups),
            about: text(description.pointer("/info/description")),
            groups,
        }
    }
}

/// Takes the refusals out that at least a third of the endpoints have.
fn extract_shared_refusals(groups: &mut [Group]) -> Vec<Refusal> {
    let mut counts: BTreeMap<(String, String), (usize, Refusal)> = BTreeMap::new();
    let mut endpoints = 0;
    for endpoint in groups.iter().flat_map(|group| &group.endpoints) {
        endpoints += 1;
        for refusal in &endpoint.refusals {
            let key = (refusal.status.clone(), refusal.code.clone());
            counts.entry(key).or_insert((0, refusal.clone())).0 += 1;
        }
    }
    let often = counts.into_values().filter(|(count, _)| count * 3 >= endpoints);
    let common: Vec<Refusal> = often.map(|(_, refusal)| refusal).collect();
    for endpoint in groups.iter_mut().flat_map(|group| &mut group.endpoints) {
        endpoint.refusals.retain(|refusal| !common.contains(refusal));
    }
    common
}

fn endpoint(method: &str, path: &str, operation: &Json, whole: &Json, address: &str) -> Endpoint {
    let body = operation.get("requestBody").and_then(example_of);
    let method = method.to_uppercase();
    let responses = || entries(operation.get("responses"));
    Endpoint {
        id: text(operation.get("operationId")),
        call: curl_command(&method, path, operation, body.as_deref(), address),
        path: path.to_owned(),
        summary: text(operation.get("summary")),
        description: text(operation.get("description")),
        parameters: parameters_of(operation, whole).map(parameter).collect(),
        answers: responses()
            .filter(|(status, _)| status.starts_with('2'))
            .map(|(status, answer)| answer_of(status, answer))
            .collect(),
        refusals: responses()
            .flat_map(|(status, answer)| refusals_of(status, answer, whole))
            .collect(),
        method,
        body,
    }
}

/// The parameters, also those that several operations share by reference.
fn parameters_of<'a>(operation: &'a Json, whole: &'a Json) -> impl Iterator<Item = &'a Json> {
    let all = operation.get("parameters").and_then(Json::as_array);
    all.into_iter().flatten().map(|one| {
        let place = one.get("$ref").and_then(Json::as_str);
        let shared = place.and_then(|place| whole.pointer(place.trim_start_matches('#')));
        shared.unwrap_or(one)
    })
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

/// The example of a JSON body, indented; none for other bodies.
fn example_of(holder: &Json) -> Option<String> {
    let example = holder.pointer("/content/application~1json/example")?;
    serde_json::to_string_pretty(example).ok()
}

fn answer_of(status: &str, json: &Json) -> Answer {
    Answer {
        status: status.to_owned(),
        description: text(json.get("description")),
        body: example_of(json),
    }
}

fn refusals_of(status: &str, json: &Json, whole: &Json) -> Vec<Refusal> {
    let codes = json.get("x-problem-codes").and_then(Json::as_array);
    let codes = codes.into_iter().flatten().filter_map(Json::as_str);
    codes
        .map(|code| Refusal {
            status: status.to_owned(),
            code: code.to_owned(),
            when: text(whole.pointer(&format!("/components/examples/{code}/summary"))),
        })
        .collect()
}

fn curl_command(method: &str, path: &str, operation: &Json, body: Option<&str>, address: &str) -> String {
    let address = address.trim_end_matches('/');
    let verb = if method == "GET" {
        String::new()
    } else {
        format!("-X {method} ")
    };
    let mut start = format!("curl {verb}{address}{path} \\\n  -H \"Authorization: Bearer $STOA_TOKEN\"");
    let parameters = operation.get("parameters").and_then(Json::as_array);
    if parameters
        .into_iter()
        .flatten()
        .any(|one| text(one.get("name")) == "If-Match")
    {
        start.push_str(" \\\n  -H \"If-Match: $ETAG\"");
    }
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

/// The type of a parameter, for people.
fn type_name(schema: &Json) -> String {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Json::String(kind)) => vec![kind],
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let kind = kinds.iter().find(|kind| **kind != "null").copied();
    let name = match (
        kind.unwrap_or_default(),
        schema.get("format").and_then(Json::as_str),
    ) {
        (_, Some("uuid")) => "id",
        (_, Some("date")) => "day",
        (_, Some("date-time")) => "time",
        ("string", _) => "text",
        ("integer", _) => "whole number",
        ("number", _) => "number",
        ("boolean", _) => "true or false",
        ("array", _) => "list",
        _ => named(schema).unwrap_or("value"),
    };
    if kinds.contains(&"null") {
        format!("{name}, may be empty")
    } else {
        name.to_owned()
    }
}

/// The name of the shape that this refers to, by itself or beside null.
fn named(schema: &Json) -> Option<&str> {
    let options = schema.get("oneOf").and_then(Json::as_array);
    let mut candidates = std::iter::once(schema).chain(options.into_iter().flatten());
    candidates
        .find_map(|one| one.get("$ref")?.as_str())?
        .strip_prefix("#/components/schemas/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn described() -> Json {
        let draft = json!({ "name": "it's mine" });
        let everywhere = json!({ "401": { "x-problem-codes": ["unauthenticated"] } });
        json!({
            "info": { "description": "Everything." },
            "paths": {
                "/api/v1/orders": {
                    "post": {
                        "tags": ["Orders"],
                        "operationId": "place_order",
                        "summary": "Places an order.",
                        "parameters": [{ "$ref": "#/components/parameters/Key" },
                            { "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" } }],
                        "requestBody": { "content": { "application/json": { "example": draft } } },
                        "responses": {
                            "201": { "description": "", "content": { "application/json": { "example": draft } } },
                            "401": { "description": "Nobody.", "x-problem-codes": ["unauthenticated"] },
                            "422": { "description": "Faulty.", "x-problem-codes": ["invalid_input"] }
                        }
                    }
                },
                "/api/v1/categories": { "get": { "tags": ["Catalogue"], "responses": everywhere } },
                "/api/v1/jobs": { "get": { "tags": ["Catalogue"], "responses": everywhere } },
                "/api/v1/people": { "get": { "tags": ["Catalogue"], "responses": everywhere } }
            },
            "components": {
                "parameters": { "Key": { "name": "Idempotency-Key", "in": "header", "schema": { "type": ["string", "null"] } } },
                "examples": { "invalid_input": { "summary": "Fields are at fault." },
                    "unauthenticated": { "summary": "There is no token." } }
            }
        })
    }

    fn place_order() -> Endpoint {
        let read = Reference::of(&described(), "https://stoa.example/");
        read.groups.last().unwrap().endpoints.first().unwrap().clone()
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
        let order = place_order();
        let start = "curl -X POST https://stoa.example/api/v1/orders";
        assert!(order.call.starts_with(start), "{}", order.call);
        assert!(order.call.contains("it'\\''s mine"), "{}", order.call);
        assert!(order.call.contains("If-Match: $ETAG"), "{}", order.call);
    }

    #[test]
    fn refusals_that_many_have_are_shown_once() {
        let read = Reference::of(&described(), "https://stoa.example/");
        let common: Vec<&str> = read.common.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(common, ["unauthenticated"]);
    }

    #[test]
    fn shared_parameters_and_codes_are_shown_where_they_count() {
        let order = place_order();
        let first = order.parameters.first().unwrap();
        assert_eq!(
            (first.name.as_str(), first.kind.as_str()),
            ("Idempotency-Key", "text, may be empty")
        );
        let refusal = Refusal {
            status: "422".into(),
            code: "invalid_input".into(),
            when: "Fields are at fault.".into(),
        };
        assert_eq!(order.refusals, [refusal]);
        assert_eq!(order.answers.len(), 1);
    }
}
