//! Stored values for people. What is stored may be older than the schema, so this never refuses anything.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Field, FieldKind, Schema};

/// One row of a page that shows a filled-in form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DisplayRow {
    /// Heading under which it stands.
    pub section: Option<String>,
    /// Key of the field.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Its value in words; dots for a secret.
    pub text: String,
}

impl Schema {
    /// The filled-in fields in the order of the schema.
    pub fn display(&self, stored: &Json) -> Vec<DisplayRow> {
        let row = |field: &Field| {
            let text = display_text(field, stored.get(&field.key)?)?;
            Some(DisplayRow {
                section: field.section.clone(),
                key: field.key.clone(),
                label: field.label.clone(),
                text,
            })
        };
        self.fields.iter().filter_map(row).collect()
    }

    /// The secrets of `answers` in clear, in the order of the schema; what it does not know comes last, under its key.
    pub fn reveal(&self, mut answers: BTreeMap<String, String>) -> Vec<DisplayRow> {
        let known = self.fields.iter().filter(|field| field.kind == FieldKind::Secret);
        let mut rows: Vec<_> = known
            .filter_map(|field| {
                Some(DisplayRow {
                    section: field.section.clone(),
                    key: field.key.clone(),
                    label: field.label.clone(),
                    text: answers.remove(&field.key)?,
                })
            })
            .collect();
        rows.extend(answers.into_iter().map(|(key, text)| DisplayRow {
            section: None,
            label: key.clone(),
            key,
            text,
        }));
        rows
    }

    /// The stored object without its secrets: for API answers, pages and exports.
    pub fn without_secrets(&self, stored: &Json) -> Json {
        let Some(object) = stored.as_object() else {
            return stored.clone();
        };
        let open = |key: &str| {
            self.field(key)
                .is_none_or(|field| field.kind != FieldKind::Secret)
        };
        Json::Object(
            object
                .iter()
                .filter(|(key, _)| open(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        )
    }
}

fn display_text(field: &Field, json: &Json) -> Option<String> {
    if field.kind == FieldKind::Secret {
        return (!json.is_null()).then(|| "••••••••".to_owned());
    }
    let plain = plain_text(field, json).filter(|text| !text.is_empty())?;
    match &field.kind {
        FieldKind::Integer { unit: Some(unit), .. } | FieldKind::Decimal { unit: Some(unit), .. } => {
            Some(format!("{plain} {unit}"))
        }
        _ => Some(plain),
    }
}

fn plain_text(field: &Field, json: &Json) -> Option<String> {
    match json {
        Json::Bool(true) => Some("Yes".into()),
        Json::Bool(false) => Some("No".into()),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(label_of(field, text)),
        Json::Array(items) => Some(
            items
                .iter()
                .filter_map(Json::as_str)
                .map(|text| label_of(field, text))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Json::Null | Json::Object(_) => None,
    }
}

/// The label of a choice; any other text as it is.
fn label_of(field: &Field, text: &str) -> String {
    let choice = field.kind.choices().iter().find(|choice| choice.value == text);
    choice.map_or_else(|| text.to_owned(), |choice| choice.label.clone())
}
