//! What people can do in the portal, programs can do, and the reverse: each server function names the operations of the
//! API that do the same, or says why there is none; each operation has a server function.

mod table;

use std::collections::BTreeSet;

use serde_json::Value as Json;
use testkit::{Engine, run};

use self::table::{FUNCTIONS, Like};
use crate::{api::Answer, openapi::operations, portal::Portal};

async fn operation_ids(portal: &Portal) -> BTreeSet<String> {
    let request = reqwest::Client::new().get(format!("{}/api/v1/openapi.json", portal.base));
    let description: Json = Answer::of("description".into(), request).await.ok();
    operations(&description)
        .into_iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect()
}

/// The server functions that are registered, by name.
fn functions() -> BTreeSet<String> {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned())
        .collect()
}

#[test]
fn what_people_can_do_programs_can_do_and_the_reverse() {
    run(Engine::Sqlite, async |portal: Portal| {
        let (functions, operations) = (functions(), operation_ids(&portal).await);
        assert!(functions.len() > 50, "{}", functions.len());
        let mut faults = Vec::new();
        let rows: BTreeSet<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
        assert_eq!(rows.len(), FUNCTIONS.len(), "a server function has two rows");
        for name in &functions {
            if !rows.contains(name.as_str()) {
                faults.push(format!(
                    "people can {name}; say in api_parity/table.rs how programs can, or why not"
                ));
            }
        }
        let mut reached = BTreeSet::new();
        for (name, like) in FUNCTIONS {
            if !functions.contains(*name) {
                faults.push(format!("there is no server function {name} any more"));
            }
            match like {
                Like::Operations(ids) => reached.extend(ids.iter().map(|id| (*id).to_owned())),
                Like::Nothing(why) => assert!(why.len() > 10, "{name} says no reason"),
            }
        }
        for id in reached.difference(&operations) {
            faults.push(format!("there is no operation {id} any more"));
        }
        for id in operations.difference(&reached) {
            faults.push(format!(
                "programs can {id}; say in api_parity/table.rs how people can"
            ));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}
