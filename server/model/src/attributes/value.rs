//! Typed values of a filled-in form.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde_json::Value as Json;

use crate::fixed::Fixed;

/// The value of one field.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Decimal(Fixed),
    /// A line, text, web address or SSH key.
    Text(String),
    /// What was chosen.
    Choice(String),
    /// All that was chosen, in the order of the schema.
    Choices(Vec<String>),
    /// Free texts.
    List(Vec<String>),
    /// A day.
    Date(NaiveDate),
    /// A password or token.
    Secret(String),
}

/// The checked values of a form, by field key. Only [`super::Schema`] makes one, so what is in it has been checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(pub(super) BTreeMap<String, Value>);

impl Value {
    /// As JSON; decimals and dates are strings.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Boolean(value) => Json::from(*value),
            Self::Integer(value) => Json::from(*value),
            Self::Decimal(value) => Json::from(value.to_string()),
            Self::Text(text) | Self::Choice(text) | Self::Secret(text) => Json::from(text.as_str()),
            Self::Choices(list) | Self::List(list) => Json::from(list.as_slice()),
            Self::Date(date) => Json::from(date.to_string()),
        }
    }

    /// As an HTML form sends it; several strings for a multiple choice.
    pub fn to_form(&self) -> Vec<String> {
        match self {
            Self::Boolean(value) => vec![value.to_string()],
            Self::Integer(value) => vec![value.to_string()],
            Self::Decimal(value) => vec![value.to_string()],
            Self::Text(text) | Self::Choice(text) | Self::Secret(text) => vec![text.clone()],
            Self::Choices(list) => list.clone(),
            Self::List(list) => vec![list.join("\n")],
            Self::Date(date) => vec![date.to_string()],
        }
    }

    /// Nothing was filled in. A number or a "no" is something.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Choice(text) | Self::Secret(text) => text.is_empty(),
            Self::Choices(list) | Self::List(list) => list.is_empty(),
            Self::Boolean(_) | Self::Integer(_) | Self::Decimal(_) | Self::Date(_) => false,
        }
    }

    /// It has one of these form texts.
    pub(super) fn equals_any(&self, texts: &[String]) -> bool {
        self.to_form().iter().any(|text| texts.contains(text))
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(_) => f.write_str("Secret(…)"),
            other => write!(f, "{}", other.to_json()),
        }
    }
}

impl Values {
    /// The value of a field, if it was filled in.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The text of a line, text, address, key, choice or secret.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Value::Text(text) | Value::Choice(text) | Value::Secret(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// Free texts or what was chosen of several; empty if nothing was.
    pub fn list(&self, key: &str) -> &[String] {
        match self.get(key) {
            Some(Value::List(list) | Value::Choices(list)) => list,
            _ => &[],
        }
    }

    /// All values, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Nothing was filled in.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a JSON object, secrets included: for storage and for plugins, not for pages.
    pub fn to_json(&self) -> Json {
        Json::Object(
            self.0
                .iter()
                .map(|(key, value)| (key.clone(), value.to_json()))
                .collect(),
        )
    }

    /// As an HTML form would send it; for filling a form again.
    pub fn to_form(&self) -> BTreeMap<String, Vec<String>> {
        self.0
            .iter()
            .map(|(key, value)| (key.clone(), value.to_form()))
            .collect()
    }
}
