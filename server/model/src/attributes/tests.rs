//! Builders shared by the groups stand here.

mod kinds;
mod schemas;
mod spellings;
mod texts;
mod whole_forms;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Field, FieldKind, Schema, Value};

fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
    let mut form: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, value) in pairs {
        form.entry((*key).to_owned())
            .or_default()
            .push((*value).to_owned());
    }
    form
}

fn one(kind: FieldKind) -> Schema {
    Schema::new(vec![Field::new("it", "It", kind)])
}

/// The value that a form text gives, or `code: message`.
fn from_form(kind: &FieldKind, text: &str) -> Result<Option<Value>, String> {
    let parsed = one(kind.clone()).parse_form(&form(&[("it", text)]));
    parsed
        .map(|values| values.get("it").cloned())
        .map_err(|faults| format!("{}: {}", faults[0].code, faults[0].message))
}

/// The value that JSON gives, or `code: message`.
fn from_json(kind: &FieldKind, json: Json) -> Result<Option<Value>, String> {
    let parsed = one(kind.clone()).parse_json(&serde_json::json!({ "it": json }));
    parsed
        .map(|values| values.get("it").cloned())
        .map_err(|faults| format!("{}: {}", faults[0].code, faults[0].message))
}

fn refused(kind: &FieldKind, text: &str) -> String {
    from_form(kind, text).unwrap_err()
}
