//! Request forms that providers write, and what buyers fill into them.

use std::collections::{BTreeMap, BTreeSet};

use app::ssr::decode_form;
use model::{FieldFault, FieldKind, Schema, Value, Values};
use serde_json::Value as Json;

/// No fault is told in more words, choices apart, which are the provider's.
const LONGEST_MESSAGE: usize = 2_000;

/// Three parts apart by NUL: the schema as JSON, answers as JSON, answers as a form.
///
/// # Panics
/// Where something that is taken does not read back as itself, or a secret is shown.
pub fn schemas(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let Ok(schema) = serde_json::from_slice::<Schema>(part()) else {
        return;
    };
    let stored = serde_json::to_value(&schema).ok();
    let again = stored.and_then(|stored| serde_json::from_value::<Schema>(stored).ok());
    assert_eq!(again.as_ref(), Some(&schema), "a schema that was stored");
    if let Err(faults) = schema.validate() {
        are_short(&faults);
        return;
    }
    if let Ok(json) = serde_json::from_slice::<Json>(part()) {
        match schema.parse_json(&json) {
            Ok(values) => {
                stays_in_json(&schema, &values);
                stays_in_a_form(&schema, &values);
            }
            Err(faults) => are_short(&faults),
        }
        // What is shown may be older than the schema.
        drop(schema.display_all(&json));
    }
    if let Ok(form) = decode_form(part()) {
        match schema.parse_form(&form.0) {
            Ok(values) => {
                stays_in_json(&schema, &values);
                assert_eq!(
                    schema.parse_form(&values.to_form()).as_ref(),
                    Ok(&values),
                    "sent again"
                );
            }
            Err(faults) => are_short(&faults),
        }
    }
}

fn are_short(faults: &[FieldFault]) {
    assert!(!faults.is_empty(), "refused without a reason");
    for fault in faults {
        assert!(
            fault.message.chars().count() <= LONGEST_MESSAGE || fault.message.starts_with("Choose "),
            "{} letters",
            fault.message.len()
        );
    }
}

fn stays_in_json(schema: &Schema, values: &Values) {
    let mut stored = values.to_json();
    hides_secrets(schema, values, &stored);
    // What was left empty is stored as not there; to say so again takes `null`.
    if let Json::Object(stored) = &mut stored {
        for field in schema
            .fields
            .iter()
            .filter(|field| values.get(&field.key).is_none())
        {
            stored.insert(field.key.clone(), Json::Null);
        }
    }
    let known: BTreeSet<&str> = schema.fields.iter().map(|field| field.key.as_str()).collect();
    assert!(
        values.iter().all(|(key, _)| known.contains(key)),
        "a stranger was taken"
    );
    assert_eq!(
        schema.parse_json(&stored).as_ref(),
        Ok(values),
        "stored and read again"
    );
}

/// A form says "no" by not sending a field, so it says the same only where every question of yes or no was answered.
fn stays_in_a_form(schema: &Schema, values: &Values) {
    let open = |field: &&model::Field| {
        field.kind == FieldKind::Boolean
            && schema.is_visible(field, values)
            && values.get(&field.key).is_none()
    };
    if !schema.fields.iter().any(|field| open(&field)) {
        let form: BTreeMap<String, Vec<String>> = values.to_form();
        assert_eq!(
            schema.parse_form(&form).as_ref(),
            Ok(values),
            "from JSON into a form"
        );
    }
}

fn hides_secrets(schema: &Schema, values: &Values, stored: &Json) {
    let printed = format!("{values:?}");
    let open = schema.without_secrets(stored);
    let shown = schema.display(stored);
    for (key, value) in values.iter() {
        let Value::Secret(secret) = value else { continue };
        assert!(open.get(key).is_none(), "the secret {key} is given out");
        let is_shown = shown
            .iter()
            .any(|row| row.key == key && row.text.chars().any(|letter| letter != '•'));
        assert!(!is_shown, "the secret {key} is shown");
        // A short one can stand in a key or in another answer.
        let elsewhere = values
            .iter()
            .any(|(other, value)| other.contains(secret.as_str()) || !matches!(value, Value::Secret(_)));
        assert!(
            elsewhere || !printed.contains(secret.as_str()) || secret.len() < 12,
            "the secret {key} is printed"
        );
    }
}
