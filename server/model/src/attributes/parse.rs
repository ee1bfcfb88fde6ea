//! From a filled-in form to checked values: all faults at once, unknown fields refused, hidden fields dropped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::fault::Fault;
use super::raw;
use super::{Field, FieldError, FieldKind, Schema, Value, Values, bounds, spelling};

/// An answer names at most so many unknown fields.
const MOST_UNKNOWN: usize = 20;

impl Schema {
    /// The values of an HTML form: every text that was sent, by field name. Take tokens and buttons out first.
    pub fn parse_form(&self, form: &BTreeMap<String, Vec<String>>) -> Result<Values, Vec<FieldError>> {
        let read = |field: &Field| {
            raw::from_form(
                &field.kind,
                form.get(&field.key).map(Vec::as_slice).unwrap_or_default(),
            )
        };
        self.parse(form.keys(), read)
    }

    /// The values of a JSON object. A field that is not there has its default; `null` means "not filled in".
    pub fn parse_json(&self, json: &Json) -> Result<Values, Vec<FieldError>> {
        let Some(object) = json.as_object() else {
            return Err(vec![FieldError::at(
                "",
                "wrong_type",
                "Give an object with one entry per field.",
            )]);
        };
        let read = |field: &Field| match object.get(&field.key).or(field.default.as_ref()) {
            Some(json) => raw::from_json(&field.kind, json),
            None => Ok(None),
        };
        self.parse(object.keys(), read)
    }

    /// The object with which an empty form starts.
    pub fn defaults(&self) -> Json {
        let default = |field: &Field| field.default.clone().map(|json| (field.key.clone(), json));
        Json::Object(self.fields.iter().filter_map(default).collect())
    }

    /// Whether a field is shown beside these values.
    pub fn is_visible(&self, field: &Field, values: &Values) -> bool {
        let Some(condition) = &field.visible_when else {
            return true;
        };
        values
            .get(&condition.field)
            .is_some_and(|value| value.equals_any(&condition.equals))
    }

    fn parse<'a>(
        &self,
        keys: impl Iterator<Item = &'a String>,
        read: impl Fn(&Field) -> Result<Option<Value>, Fault>,
    ) -> Result<Values, Vec<FieldError>> {
        let (values, _, faults) = self.collect(keys, read);
        if faults.is_empty() {
            Ok(values)
        } else {
            Err(faults)
        }
    }

    /// All values that are sound, the keys of visible fields, and all faults.
    fn collect<'a>(
        &self,
        keys: impl Iterator<Item = &'a String>,
        read: impl Fn(&Field) -> Result<Option<Value>, Fault>,
    ) -> (Values, BTreeSet<&str>, Vec<FieldError>) {
        let mut values = Values::default();
        let mut visible = BTreeSet::new();
        let mut faults = Vec::new();
        // In order, because a condition looks at fields before its own.
        for field in &self.fields {
            if !self.is_visible(field, &values) {
                continue;
            }
            visible.insert(field.key.as_str());
            match read(field).and_then(|value| checked(field, value)) {
                Ok(Some(value)) => drop(values.0.insert(field.key.clone(), value)),
                Ok(None) => {}
                Err(fault) => faults.push(FieldError::at(&*field.key, fault.code, fault.message)),
            }
        }
        let unknown = keys.filter(|key| self.field(key).is_none()).take(MOST_UNKNOWN);
        faults.extend(unknown.map(|key| {
            let path: String = key.chars().take(50).collect();
            FieldError::at(path, "unknown", "There is no such field. Remove it.")
        }));
        (values, visible, faults)
    }
}

impl Field {
    /// Whether the field takes this text, as one that a form sends; its fault, at the field, where it does not.
    pub fn check_text(&self, text: &str) -> Result<(), FieldError> {
        raw::from_form(&self.kind, &[text.to_owned()])
            .and_then(|value| checked(self, value))
            .map(drop)
            .map_err(|fault| FieldError::at(&*self.key, fault.code, fault.message))
    }
}

/// The value within its bounds, or the fault of a required field that is empty.
pub(super) fn checked(field: &Field, value: Option<Value>) -> Result<Option<Value>, Fault> {
    match value {
        Some(value) => bounds::check(&field.kind, value)
            .and_then(|value| spelling::check(field, value))
            .map(Some),
        None if field.required => Err(Fault::new("required", required_message(field))),
        None => Ok(None),
    }
}

fn required_message(field: &Field) -> String {
    match &field.kind {
        FieldKind::Choice { .. } => "Choose one.".into(),
        FieldKind::MultipleChoice { .. } => "Choose at least one.".into(),
        FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Date { .. } => {
            bounds::number_message(&field.kind)
        }
        FieldKind::List { .. } => "Give at least one, each on its own line.".into(),
        FieldKind::Boolean => "Give true or false.".into(),
        _ => "Fill in this field.".into(),
    }
}

/// Puts a prefix before the path of each fault: `shell` → `attributes.shell`.
pub fn under(prefix: &str, faults: Vec<FieldError>) -> Vec<FieldError> {
    let path = |path: String| {
        if path.is_empty() {
            prefix.to_owned()
        } else {
            format!("{prefix}.{path}")
        }
    };
    faults
        .into_iter()
        .map(|fault| FieldError {
            path: path(fault.path),
            ..fault
        })
        .collect()
}
