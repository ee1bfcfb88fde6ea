//! The description of the API against what it is.

use std::fmt::Write;

use serde_json::Value as Json;
use testkit::{Engine, run};

use crate::{api::Answer, portal::Portal};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn description(portal: &Portal) -> Json {
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
            for status in ["400", "401", "403", "404", "409", "422", "429", "503"] {
                let schema = &operation["responses"][status]["content"]["application/problem+json"]["schema"];
                assert_eq!(
                    schema["$ref"], "#/components/schemas/Problem",
                    "{place}: {status}"
                );
            }
            assert!(
                operation["tags"].as_array().is_some_and(|tags| tags.len() == 1),
                "{place} has one tag"
            );
        }
        let ids: std::collections::BTreeSet<&str> = operations
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
