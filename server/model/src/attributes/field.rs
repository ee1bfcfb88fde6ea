//! One field of a form.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Spelling;
use crate::fixed::Fixed;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChoice {
    /// What is stored and sent.
    pub value: String,
    /// What people see.
    pub label: String,
}

impl FieldChoice {
    /// A choice with its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// The type of a field and its bounds. Bounds are inclusive; lengths count characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// Yes or no. In an HTML form an absent field means no.
    Boolean,
    /// One line.
    String {
        /// Fewest characters.
        #[serde(default)]
        min_length: Option<u32>,
        /// Most characters; 200 if not given.
        #[serde(default)]
        max_length: Option<u32>,
    },
    /// Several lines.
    Text {
        /// Fewest characters.
        #[serde(default)]
        min_length: Option<u32>,
        /// Most characters; 10,000 if not given.
        #[serde(default)]
        max_length: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// Least value.
        #[serde(default)]
        min: Option<i64>,
        /// Greatest value.
        #[serde(default)]
        max: Option<i64>,
        /// Distance of allowed values, counted from `min` (or zero).
        #[serde(default)]
        step: Option<i64>,
        /// Unit shown behind the number.
        #[serde(default)]
        unit: Option<String>,
    },
    /// A number with up to nine decimals; a string in JSON.
    Decimal {
        /// Least value.
        #[serde(default)]
        min: Option<Fixed>,
        /// Greatest value.
        #[serde(default)]
        max: Option<Fixed>,
        /// Distance of allowed values, counted from `min` (or zero).
        #[serde(default)]
        step: Option<Fixed>,
        /// Unit shown behind the number.
        #[serde(default)]
        unit: Option<String>,
    },
    /// One of several.
    Choice {
        /// What can be chosen.
        choices: Vec<FieldChoice>,
    },
    /// Any of several.
    MultipleChoice {
        /// What can be chosen.
        choices: Vec<FieldChoice>,
        /// Fewest to choose, where anything is chosen.
        #[serde(default)]
        min_choices: Option<u32>,
        /// Most to choose.
        #[serde(default)]
        max_choices: Option<u32>,
    },
    /// Several free texts, one per line in a form.
    List {
        /// Fewest entries, where there are any.
        #[serde(default)]
        min_items: Option<u32>,
        /// Most entries; 100 if not given.
        #[serde(default)]
        max_items: Option<u32>,
        /// Most characters of an entry; 200 if not given.
        #[serde(default)]
        max_length: Option<u32>,
    },
    /// A day.
    Date {
        /// First day allowed.
        #[serde(default)]
        min: Option<NaiveDate>,
        /// Last day allowed.
        #[serde(default)]
        max: Option<NaiveDate>,
    },
    /// A web address with `https://` or `http://`.
    Url,
    /// A public SSH key.
    SshKey,
    /// A password or token; never shown again.
    Secret,
}

/// Shows a field only while another has one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Condition {
    /// Key of the other field, which stands earlier in the form.
    pub field: String,
    /// Values in their form text: `true`, `bash`, `4`.
    pub equals: Vec<String>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field {
    /// Stable identifier: a lower-case letter, then up to 49 lower-case letters, digits or `_`.
    pub key: String,
    /// Name for people.
    pub label: String,
    /// A sentence under the field.
    #[serde(default)]
    pub help: String,
    /// Heading under which it stands.
    #[serde(default)]
    pub section: Option<String>,
    /// It must be filled in while it is visible.
    #[serde(default)]
    pub required: bool,
    /// What the form starts with, as in the JSON of a filled-in form.
    #[serde(default)]
    pub default: Option<serde_json::Value>,
    /// Shown only under a condition.
    #[serde(default)]
    pub visible_when: Option<Condition>,
    /// How a line, or each entry of a list, must be spelt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spelling: Option<Spelling>,
    /// Its type with its bounds.
    #[serde(flatten)]
    pub kind: FieldKind,
}

impl Field {
    /// An optional field without help, default or condition.
    pub fn new(key: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            help: String::new(),
            section: None,
            required: false,
            default: None,
            visible_when: None,
            spelling: None,
            kind,
        }
    }

    /// The same field, required.
    #[must_use]
    pub fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// The same field with help.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }

    /// The same field under a heading.
    #[must_use]
    pub fn section(self, section: impl Into<String>) -> Self {
        Self {
            section: Some(section.into()),
            ..self
        }
    }

    /// The same field with a default.
    #[must_use]
    pub fn default_value(self, value: impl Into<serde_json::Value>) -> Self {
        Self {
            default: Some(value.into()),
            ..self
        }
    }

    /// The same field with a rule of spelling.
    #[must_use]
    pub fn spelled(self, spelling: Spelling) -> Self {
        Self {
            spelling: Some(spelling),
            ..self
        }
    }

    /// The same field, shown while `field` has `value`.
    #[must_use]
    pub fn visible_when(self, field: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            visible_when: Some(Condition {
                field: field.into(),
                equals: vec![value.into()],
            }),
            ..self
        }
    }
}

impl FieldKind {
    /// A line of up to 200 characters.
    pub fn string() -> Self {
        Self::String {
            min_length: None,
            max_length: None,
        }
    }

    /// A text of up to 10,000 characters.
    pub fn text() -> Self {
        Self::Text {
            min_length: None,
            max_length: None,
        }
    }

    /// A whole number between two bounds.
    pub fn integer(min: i64, max: i64) -> Self {
        Self::Integer {
            min: Some(min),
            max: Some(max),
            step: None,
            unit: None,
        }
    }

    /// One of these, each given as value and label.
    pub fn choice(choices: &[(&str, &str)]) -> Self {
        Self::Choice {
            choices: choices
                .iter()
                .map(|(value, label)| FieldChoice::new(*value, *label))
                .collect(),
        }
    }

    /// Free texts.
    pub fn list() -> Self {
        Self::List {
            min_items: None,
            max_items: None,
            max_length: None,
        }
    }

    /// The choices, where the kind has any.
    pub fn choices(&self) -> &[FieldChoice] {
        match self {
            Self::Choice { choices } | Self::MultipleChoice { choices, .. } => choices,
            _ => &[],
        }
    }
}
