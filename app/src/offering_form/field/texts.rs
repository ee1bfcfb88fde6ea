//! A field as the texts of the builder.

use chrono::NaiveDate;
use model::{Field, FieldKind, Fixed};
use serde_json::Value as Json;

use super::FieldType;
use crate::form::FormFields;

/// The same as texts, by field name: what the builder starts with when a field is changed.
pub fn field_texts(field: &Field) -> FormFields {
    let (min, max, step, unit) = bound_texts(&field.kind);
    let choices: Vec<String> = field
        .kind
        .choices()
        .iter()
        .map(|choice| format!("{}: {}", choice.value, choice.label))
        .collect();
    let condition = field.visible_when.clone();
    let texts = [
        ("key", field.key.clone()),
        ("label", field.label.clone()),
        ("type", FieldType::of(&field.kind).as_str().to_owned()),
        ("required", field.required.to_string()),
        ("help", field.help.clone()),
        ("section", field.section.clone().unwrap_or_default()),
        ("choices", choices.join("\n")),
        ("min", min),
        ("max", max),
        ("step", step),
        ("unit", unit),
        (
            "default",
            field.default.as_ref().map(json_text).unwrap_or_default(),
        ),
        (
            "when_field",
            condition
                .as_ref()
                .map(|one| one.field.clone())
                .unwrap_or_default(),
        ),
        (
            "when_values",
            condition.map(|one| one.equals.join(", ")).unwrap_or_default(),
        ),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}

fn json_text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(json_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn bound_texts(kind: &FieldKind) -> (String, String, String, String) {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let lengths = |min: Option<u32>, max: Option<u32>| (text(min), text(max), String::new(), String::new());
    match kind {
        FieldKind::String {
            min_length,
            max_length,
        }
        | FieldKind::Text {
            min_length,
            max_length,
        } => lengths(*min_length, *max_length),
        FieldKind::MultipleChoice {
            min_choices,
            max_choices,
            ..
        } => lengths(*min_choices, *max_choices),
        FieldKind::List {
            min_items, max_items, ..
        } => lengths(*min_items, *max_items),
        FieldKind::Integer { min, max, step, unit } => {
            (text(*min), text(*max), text(*step), text(unit.as_ref()))
        }
        FieldKind::Decimal { min, max, step, unit } => {
            (text::<Fixed>(*min), text(*max), text(*step), text(unit.as_ref()))
        }
        FieldKind::Date { min, max } => (text::<NaiveDate>(*min), text(*max), String::new(), String::new()),
        _ => Default::default(),
    }
}
