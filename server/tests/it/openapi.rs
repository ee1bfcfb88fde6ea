//! The description of the API against what it is.

use std::{collections::BTreeSet, fmt::Write};

use serde_json::Value as Json;
use testkit::{Engine, run};

use crate::{api::Answer, portal::Portal};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(crate) async fn description(portal: &Portal) -> Json {
    let request = reqwest::Client::new().get(format!("{}/api/v1/openapi.json", portal.base));
    Answer::of("GET /api/v1/openapi.json".into(), request).await.ok()
}

/// Path, method and operation of everything that is described.
pub(crate) fn operations(description: &Json) -> Vec<(String, String, Json)> {
    let mut all = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                all.push((path.clone(), method.to_uppercase(), operation.clone()));
            }
        }
    }
    all
}

#[test]
fn the_endpoints_are_these() {
    run(Engine::Sqlite, async |portal: Portal| {
        let mut table = String::new();
        for (path, method, operation) in operations(&description(&portal).await) {
            let successes = operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .filter(|status| status.starts_with('2'));
            let successes: Vec<&str> = successes.map(String::as_str).collect();
            writeln!(table, "{method:<6} {path} → {}", successes.join(" ")).unwrap();
        }
        insta::assert_snapshot!(table);
    });
}

#[test]
fn lists_are_as_long_as_they_say_where_no_limit_is_given() {
    run(Engine::Sqlite, async |portal: Portal| {
        let mut lists = 0;
        for (path, _, operation) in operations(&description(&portal).await) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for limit in parameters.filter(|one| one["name"] == "limit") {
                assert_eq!(limit["schema"]["default"], model::PageRequest::PORTAL, "{path}");
                lists += 1;
            }
        }
        assert!(lists > 5, "{lists}");
    });
}

/// What is only added to stands in the order in which it was added. An account gets entries by documents, which can be followed;
/// notices are of events, and only noted as read; what becomes of an action is an event, which can be followed.
const ONLY_ADDED_TO: [&str; 6] = [
    "list_actions",
    "list_jobs",
    "list_audit_events",
    "list_accounts",
    "list_webhook_deliveries",
    "list_notices",
];

#[test]
fn lists_of_what_changes_can_be_sorted_and_followed() {
    run(Engine::Sqlite, async |portal: Portal| {
        let mut lists = Vec::new();
        for (_, _, operation) in operations(&description(&portal).await) {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let takes = |name: &str| parameters.iter().any(|one| one["name"] == name);
            let id = operation["operationId"].as_str().unwrap();
            if ONLY_ADDED_TO.contains(&id) {
                assert!(
                    !takes("sort") && !takes("updated_since"),
                    "{id}: README names those that do not"
                );
            } else if takes("cursor") {
                assert!(takes("sort") && takes("updated_since"), "{id}");
                lists.push(id.to_owned());
            }
        }
        lists.sort_unstable();
        let all = [
            "list_invoices",
            "list_offerings",
            "list_orders",
            "list_organizations",
            "list_people",
            "list_projects",
            "list_provider_offerings",
            "list_resources",
        ];
        assert_eq!(lists, all);
    });
}

#[test]
fn every_operation_says_how_it_refuses() {
    run(Engine::Sqlite, async |portal: Portal| {
        let description = description(&portal).await;
        let operations = operations(&description);
        assert!(operations.len() > 40, "{}", operations.len());
        for (path, method, operation) in &operations {
            let place = format!("{method} {path}");
            for field in ["summary", "operationId"] {
                assert!(
                    operation[field].as_str().is_some_and(|text| !text.is_empty()),
                    "{place} has no {field}"
                );
            }
            for (status, answer) in operation["responses"].as_object().unwrap() {
                if status.starts_with('4') || status.starts_with('5') {
                    let schema = &answer["content"]["application/problem+json"]["schema"];
                    assert_eq!(
                        schema["$ref"], "#/components/schemas/Problem",
                        "{place}: {status}"
                    );
                    let codes = answer["x-problem-codes"].as_array().unwrap();
                    assert!(!codes.is_empty(), "{place}: {status}");
                } else {
                    examples_are_there(&place, status, &answer["content"]);
                }
            }
            examples_are_there(&place, "the body", &operation["requestBody"]["content"]);
            named_after_what_it_does(&place, operation);
            takes_what_its_method_takes(&place, method, operation);
            assert!(
                operation["tags"].as_array().is_some_and(|tags| tags.len() == 1),
                "{place} has one tag"
            );
        }
        let ids: BTreeSet<&str> = operations
            .iter()
            .map(|(_, _, one)| one["operationId"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), operations.len(), "operation ids are unique");
        assert_eq!(
            description["components"]["securitySchemes"]["token"]["scheme"],
            "bearer"
        );
    });
}

fn examples_are_there(place: &str, of: &str, content: &Json) {
    if let Some(json) = content.get("application/json") {
        assert!(json.get("example").is_some(), "{place}: {of} has no example");
    }
}

/// What begins and ends.
const SPANS: [(&str, &str); 4] = [
    ("window_start", "window_end"),
    ("start_date", "end_date"),
    ("from", "until"),
    ("from", "to"),
];

#[test]
fn spans_in_examples_end_after_they_begin() {
    run(Engine::Sqlite, async |portal: Portal| {
        let mut found = Vec::new();
        for (path, method, operation) in operations(&description(&portal).await) {
            let body = &operation["requestBody"]["content"]["application/json"]["example"];
            spans(body, &mut |from, until| {
                assert!(from < until, "{method} {path}: {from} to {until}");
                found.push(path.clone());
            });
        }
        for path in ["/api/v1/usage", "/api/v1/orders", "/api/v1/projects"] {
            assert!(found.iter().any(|one| one == path), "{path}: {found:?}");
        }
    });
}

/// Calls `look` with both ends of each span in an example; dates in ISO 8601 sort as texts.
fn spans(example: &Json, look: &mut impl FnMut(&str, &str)) {
    for (from, until) in SPANS {
        if let (Some(from), Some(until)) = (example[from].as_str(), example[until].as_str()) {
            look(from, until);
        }
    }
    let parts = example.as_object().into_iter().flatten().map(|(_, part)| part);
    for part in parts.chain(example.as_array().into_iter().flatten()) {
        spans(part, look);
    }
}

/// What programs generated from the description call it: a verb first, then what it is about.
fn named_after_what_it_does(place: &str, operation: &Json) {
    const VERBS: [&str; 47] = [
        "list",
        "ask",
        "finish",
        "get",
        "create",
        "update",
        "set",
        "add",
        "assign",
        "remove",
        "delete",
        "grant",
        "revoke",
        "register",
        "place",
        "quote",
        "approve",
        "reject",
        "cancel",
        "retry",
        "fulfil",
        "refuse",
        "change",
        "switch",
        "terminate",
        "renew",
        "report",
        "download",
        "close",
        "correct",
        "verify",
        "publish",
        "pause",
        "resume",
        "archive",
        "restore",
        "deactivate",
        "reactivate",
        "test",
        "withdraw",
        "redeliver",
        "rotate",
        "mark",
        "forecast",
        "move",
        "name",
        "take",
    ];
    let id = operation["operationId"].as_str().unwrap();
    let (verb, noun) = id.split_once('_').unwrap_or((id, ""));
    assert!(
        VERBS.contains(&verb) && !noun.is_empty(),
        "{place}: {id} is no verb_noun"
    );
}

fn takes_what_its_method_takes(place: &str, method: &str, operation: &Json) {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let headers: Vec<&str> = parameters
        .iter()
        .filter_map(|one| one["name"].as_str().or(one["$ref"].as_str()))
        .collect();
    let answers = &operation["responses"];
    match method {
        "POST" => assert!(
            headers.contains(&"#/components/parameters/IdempotencyKey"),
            "{place}"
        ),
        "PATCH" | "PUT" => {
            assert!(headers.contains(&"If-Match"), "{place} names no version");
            assert!(
                answers["200"]["headers"]["ETag"].is_object(),
                "{place} answers no version"
            );
        }
        _ => {}
    }
    if let Some(made) = answers.get("201") {
        assert!(
            made["headers"]["Location"].is_object(),
            "{place} does not say where it is"
        );
        assert!(
            made["content"]["application/json"].is_object(),
            "{place} does not show what was made"
        );
    }
}

/// Shapes of requests take nothing unknown; so says the description, and `strict` holds it.
#[test]
fn bodies_are_closed() {
    run(Engine::Sqlite, async |portal: Portal| {
        let description = description(&portal).await;
        let mut bodies = 0;
        for (path, method, operation) in operations(&description) {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(name) = schema["$ref"].as_str() else {
                continue;
            };
            let shape = description.pointer(name.trim_start_matches('#')).unwrap();
            let options = shape["oneOf"]
                .as_array()
                .cloned()
                .unwrap_or_else(|| vec![shape.clone()]);
            let closed = options.iter().all(|one| one["additionalProperties"] == false);
            assert!(closed, "{method} {path}: {name} takes anything");
            bodies += 1;
        }
        assert!(bodies > 20, "{bodies}");
    });
}

/// Decimals that are quantities, shares and percentages. Whatever else is a decimal is an amount of money, which stands
/// with its currency.
const NO_MONEY: [&str; 18] = [
    "count",
    "default",
    "expected",
    "expected_use",
    "factor",
    "limit",
    "limits",
    "limits_before",
    "max",
    "min",
    "percent",
    "quantity",
    "raised_to",
    "size",
    "step",
    "tax_percent",
    "up_to",
    "used",
];

#[test]
fn amounts_stand_with_their_currency_everywhere() {
    run(Engine::Sqlite, async |portal: Portal| {
        let description = description(&portal).await;
        let schemas = description["components"]["schemas"].as_object().unwrap();
        let (mut decimals, mut money) = (Vec::new(), 0);
        for (name, schema) in schemas {
            figures(schema, &mut |property, schema| {
                let text = schema.to_string();
                if text.contains("\"#/components/schemas/Fixed\"") {
                    decimals.push(format!("{name}.{property}"));
                }
                money += usize::from(text.contains("\"#/components/schemas/Money\""));
            });
        }
        assert!(decimals.len() > 20 && money > 30, "{} {money}", decimals.len());
        decimals.retain(|one| {
            let property = one.split_once('.').unwrap().1;
            one != "ComponentUsage.total" && !NO_MONEY.contains(&property)
        });
        assert_eq!(decimals, Vec::<String>::new(), "amounts without a currency");
    });
}

/// Calls `look` with each property of a shape, also of those that it chooses between.
fn figures(schema: &Json, look: &mut impl FnMut(&str, &Json)) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        look(name, property);
    }
    for option in schema["oneOf"].as_array().into_iter().flatten() {
        figures(option, look);
    }
}

#[test]
fn every_schema_that_is_named_is_there() {
    run(Engine::Sqlite, async |portal: Portal| {
        let description = description(&portal).await;
        let mut names = Vec::new();
        references(&description, &mut names);
        assert!(names.len() > 100);
        for name in names {
            let found = description.pointer(name.trim_start_matches('#'));
            assert!(found.is_some(), "{name} is nowhere");
        }
    });
}

fn references(value: &Json, names: &mut Vec<String>) {
    match value {
        Json::Object(fields) => {
            names.extend(fields.get("$ref").and_then(Json::as_str).map(str::to_owned));
            fields.values().for_each(|one| references(one, names));
        }
        Json::Array(items) => items.iter().for_each(|one| references(one, names)),
        _ => {}
    }
}

/// Codes that no operation answers, with the reason.
const NOT_FOR_PROGRAMS: [(&str, &str); 6] = [
    ("sign_in_again", "tokens are made in the portal only"),
    ("browser_only", "what is only for the portal has no operation"),
    (
        "credentials_rejected",
        "programs bring a token, whose refusal is `unauthenticated`",
    ),
    ("throttled", "only signing in is throttled"),
    ("session", "programs have none"),
    ("lease_lost", "between workers"),
];

/// Whoever adds a refusal to a service says at which operations it comes.
#[test]
fn every_code_of_the_services_is_known_to_the_description() {
    run(Engine::Sqlite, async |portal: Portal| {
        let description = description(&portal).await;
        let known = description["components"]["examples"].as_object().unwrap();
        let domain = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("domain/src");
        let mut found = 0;
        for file in walk(&domain) {
            let text = std::fs::read_to_string(&file).unwrap();
            for part in text.split("Problem::plain(").skip(1) {
                let Some((kind, rest)) = part.split_once(',') else {
                    continue;
                };
                let code = rest
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split('"').next());
                let Some(code) = code.filter(|_| !kind.contains("Internal")) else {
                    continue;
                };
                let excused = NOT_FOR_PROGRAMS.iter().any(|(name, _)| *name == code);
                assert!(
                    excused || known.contains_key(code),
                    "{}: no operation says that it can answer {code} (`rest/describe/problems.rs`)",
                    file.display()
                );
                found += 1;
            }
        }
        assert!(found > 30, "{found}");
    });
}

pub(crate) fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_kind_of_event_is_described_for_who_receives_it() {
    run(Engine::Sqlite, async |portal: Portal| {
        let description = description(&portal).await;
        let told = description["webhooks"].as_object().unwrap();
        let kinds: BTreeSet<&str> = model::EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(told.keys().map(String::as_str).collect::<BTreeSet<_>>(), kinds);
        let body =
            &told["order.placed"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let name = body.as_str().unwrap().rsplit('/').next().unwrap();
        let shape = &description["components"]["schemas"][name]["properties"];
        assert!(shape["type"].is_object() && shape["data"].is_object(), "{shape}");
    });
}
