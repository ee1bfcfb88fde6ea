//! The wording that every operation and group needs.

use serde_json::{Value as Json, json};

use super::each_operation;

/// The groups of operations, in the order in which one meets them.
const GROUPS: [(&str, &str); 12] = [
    ("Profile", "Who one is, and the tokens that one has."),
    ("Structure", "Organizations, projects, and who works in them."),
    ("Catalogue", "What can be ordered."),
    ("Orders", "Quote, place, decide, follow."),
    (
        "Approvals",
        "Who must agree to orders, and who decides for somebody who is away.",
    ),
    ("Resources", "What was ordered: see, change, end."),
    ("Usage", "What was used and what it costs so far."),
    ("Billing", "Invoices and the close of a month."),
    (
        "Offerings",
        "For providers: prepare, test and publish what is sold.",
    ),
    ("Notices", "What one was told of what happened."),
    ("Webhooks", "Addresses that are told of what happens."),
    ("Operations", "For those who run the installation."),
];

/// Adds the groups, the address, and words for successes that their handlers have none for.
pub(super) fn add_descriptions(api: &mut Json) {
    if let Some(root) = api.as_object_mut() {
        let groups = GROUPS.map(|(name, description)| json!({ "name": name, "description": description }));
        root.insert("tags".into(), json!(groups));
        // Relative to where the description was read: the same portal.
        root.insert(
            "servers".into(),
            json!([{ "url": "/", "description": "This portal." }]),
        );
    }
    each_operation(api, |operation| {
        let method = operation.method.to_owned();
        for (status, response) in operation.responses() {
            response.get_mut("content").into_iter().for_each(describe_binary);
            let silent = response
                .get("description")
                .and_then(Json::as_str)
                .is_none_or(str::is_empty);
            if silent {
                response.insert("description".into(), success(&method, status).into());
            }
        }
    });
}

/// What is no JSON is a file.
fn describe_binary(content: &mut Json) {
    for (kind, media) in content.as_object_mut().into_iter().flatten() {
        if !kind.ends_with("json") {
            *media = json!({ "schema": { "type": "string", "format": "binary" } });
        }
    }
}

fn success(method: &str, status: &str) -> &'static str {
    match (method, status) {
        (_, "201") => "It was made; `Location` says where it is.",
        (_, "202") => "It was accepted and is under way.",
        (_, "204") => "It was done; there is nothing to say.",
        ("get", _) => "What was asked for.",
        _ => "It was done; this is how it is now.",
    }
}
