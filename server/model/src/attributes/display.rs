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
    /// The filled-in fields in the order of the schema; what it does not know is left out.
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

    /// As [`Schema::display`], with what the schema does not know last, under its key: answers are read as long as there is
    /// somebody who acts on them.
    pub fn display_all(&self, stored: &Json) -> Vec<DisplayRow> {
        let others = stored.as_object().into_iter().flatten();
        let unknown = others.filter(|(key, _)| self.field(key).is_none());
        let row = |(key, value): (&String, &Json)| Some(unknown_row(key, plain_text(value, str::to_owned)?));
        self.display(stored)
            .into_iter()
            .chain(unknown.filter_map(row))
            .collect()
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
        rows.extend(answers.into_iter().map(|(key, text)| unknown_row(&key, text)));
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

/// What no field is known for.
fn unknown_row(key: &str, text: String) -> DisplayRow {
    DisplayRow {
        section: None,
        key: key.to_owned(),
        label: key.to_owned(),
        text,
    }
}

fn display_text(field: &Field, json: &Json) -> Option<String> {
    if field.kind == FieldKind::Secret {
        return (!json.is_null()).then(|| "••••••••".to_owned());
    }
    let plain = plain_text(json, |text| label_of(field, text))?;
    match &field.kind {
        FieldKind::Integer { unit: Some(unit), .. } | FieldKind::Decimal { unit: Some(unit), .. } => {
            Some(format!("{plain} {unit}"))
        }
        _ => Some(plain),
    }
}

/// A stored value in words, its texts as `said` says them; none where it says nothing.
fn plain_text(json: &Json, said: impl Fn(&str) -> String) -> Option<String> {
    let text = match json {
        Json::Bool(true) => "Yes".into(),
        Json::Bool(false) => "No".into(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => said(text),
        Json::Array(items) => items
            .iter()
            .filter_map(Json::as_str)
            .map(said)
            .collect::<Vec<_>>()
            .join(", "),
        Json::Null | Json::Object(_) => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The label of a choice; any other text as it is.
fn label_of(field: &Field, text: &str) -> String {
    let choice = field.kind.choices().iter().find(|choice| choice.value == text);
    choice.map_or_else(|| text.to_owned(), |choice| choice.label.clone())
}
