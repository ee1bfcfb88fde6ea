//! What each operation can refuse with: what follows from its form (a path with an id can miss, a body can be faulty, a
//! POST can repeat a key), and what its handler declares in the extension `x-problems`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use super::{
    Operation, headers,
    problems::{Known, PROBLEMS, known, meaning},
};

const DECLARED: &str = "x-problems";

/// Adds the refusals of an operation.
pub(super) fn add(operation: &mut Operation<'_>) {
    let declared = operation.fields.remove(DECLARED).unwrap_or_default();
    let mut codes: BTreeSet<String> = of_its_form(operation).map(str::to_owned).collect();
    codes.extend(
        declared
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(str::to_owned),
    );
    let mut by_status: BTreeMap<u16, Vec<Known>> = BTreeMap::new();
    for code in &codes {
        // A code that is not in the list is a fault of the handler; a test names it.
        let found = known(code).unwrap_or(("unknown", 500, "A code that the list of problems lacks."));
        by_status.entry(found.1).or_default().push(found);
    }
    if let Some(responses) = operation
        .fields
        .get_mut("responses")
        .and_then(Json::as_object_mut)
    {
        for (status, problems) in by_status {
            responses.insert(status.to_string(), response(status, &problems));
        }
    }
}

fn of_its_form(operation: &Operation<'_>) -> impl Iterator<Item = &'static str> + use<> {
    let always: &[&str] = &[
        "bad_query",
        "unknown_parameter",
        "unauthenticated",
        "forbidden",
        "token_scope_missing",
        "not_found",
        "database_full",
        "database_unavailable",
    ];
    let when = |holds: bool, codes: &'static [&'static str]| if holds { codes } else { &[] };
    [
        always,
        when(
            operation.method != "get",
            &["too_many_requests", "body_too_slow", "too_large"],
        ),
        when(operation.has_parameter("query", "limit"), &["limit_out_of_range"]),
        when(
            operation.has_parameter("query", "cursor")
                || operation.method != "get" && operation.has_parameter_in("query"),
            &["invalid_input"],
        ),
        when(
            operation.has_body(),
            &[
                "not_json",
                "unreadable_body",
                "too_large",
                "content_type",
                "invalid_input",
            ],
        ),
        when(
            operation.method == "post",
            &[
                "idempotency_key_reused",
                "idempotency_under_way",
                "idempotency_key_invalid",
                "idempotency_keys_used_up",
                "idempotency_answer_too_large",
                "idempotency_answer_withheld",
                "too_large",
            ],
        ),
        when(
            operation.has_parameter("header", "If-Match"),
            &["precondition_required", "changed_meanwhile"],
        ),
    ]
    .into_iter()
    .flatten()
    .copied()
}

fn response(status: u16, problems: &[Known]) -> Json {
    let mut description = format!("{}.", meaning(status));
    let mut examples = Map::new();
    let mut codes = Vec::new();
    for (code, _, when) in problems {
        // Writing to a string cannot fail.
        let _ = write!(description, "\n\n- `{code}`: {when}");
        let reference = format!("#/components/examples/{code}");
        examples.insert((*code).to_owned(), json!({ "$ref": reference }));
        codes.push(*code);
    }
    json!({
        "description": description,
        "x-problem-codes": codes,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "examples": examples,
        } },
    })
}

/// What the responses refer to: one example for each code, and the shared headers. Only what is used is listed.
pub(super) fn add_shared(api: &mut Json) {
    let written = api.to_string();
    let Some(components) = api.get_mut("components").and_then(Json::as_object_mut) else {
        return;
    };
    let mut put = |place: &str, name: &str, what: Json| {
        if written.contains(&format!("#/components/{place}/{name}\"")) {
            let group = components.entry(place).or_insert_with(|| json!({}));
            if let Some(group) = group.as_object_mut() {
                group.insert(name.to_owned(), what);
            }
        }
    };
    for (place, name, what) in headers::shared() {
        put(place, name, what);
    }
    for problem in PROBLEMS {
        put("examples", problem.0, example(problem));
    }
}

fn example((code, status, when): &Known) -> Json {
    let fields = match *code {
        "invalid_input" => {
            json!([{ "path": "name", "code": "required", "message": "Please fill this in." }])
        }
        "bad_query" => {
            json!([{ "path": "limit", "code": "wrong_type", "message": "invalid digit found in string" }])
        }
        "unknown_parameter" => {
            json!([{ "path": "stat", "code": "unknown_parameter", "message": "There is no such parameter here." }])
        }
        _ => json!([]),
    };
    json!({ "summary": when, "value": {
        "type": "about:blank", "title": meaning(*status), "status": status, "code": code, "detail": when,
        "fields": fields, "trace_id": "0190aaaa00007000800000000000000f",
    } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_and_used() {
        let api = crate::rest::description().to_string();
        let mut seen = BTreeSet::new();
        for (code, ..) in PROBLEMS {
            assert!(seen.insert(code), "{code} is listed twice");
            assert!(
                api.contains(&format!("#/components/examples/{code}\"")),
                "no operation answers {code}"
            );
        }
        assert!(
            !api.contains("A code that the list of problems lacks"),
            "a handler declares a code that PROBLEMS lacks"
        );
    }
}
