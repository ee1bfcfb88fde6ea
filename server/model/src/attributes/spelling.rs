//! How a text must be spelt beyond its length, where it becomes a part of something that gives characters a meaning: a command,
//! a name on a backend. A few named rules and no patterns, so that both sides read them alike and nobody can write a slow one.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::{Field, FieldKind, Value};

/// A rule of spelling for fields of one line and for the entries of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// A name on a backend: a letter or digit, then letters, digits, dots, hyphens and underscores; ASCII only.
    Name,
    /// What names on a backend begin with: a small letter, then small letters, digits and hyphens; ASCII only.
    Prefix,
    /// A generic resource as SLURM counts it: `gres/` and a name, then perhaps a colon and the name of its type.
    Gres,
}

impl Spelling {
    /// Whether a text is spelt so. An empty one is not.
    pub fn allows(self, text: &str) -> bool {
        match self {
            Self::Name => is_name(text),
            Self::Prefix => {
                let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(rest)
            }
            Self::Gres => {
                let Some(name) = text.strip_prefix("gres/") else {
                    return false;
                };
                let mut parts = name.splitn(2, ':');
                parts.next().is_some_and(is_name) && parts.next().is_none_or(is_name)
            }
        }
    }

    /// What would be right, as a sentence.
    fn advice(self) -> &'static str {
        match self {
            Self::Name => {
                "Begin with a letter or digit, then use letters (a to z), digits, dots, hyphens and underscores only."
            }
            Self::Prefix => {
                "Begin with a small letter (a to z), then use small letters, digits and hyphens only."
            }
            Self::Gres => "Write gres/ and a name, for example gres/gpu or gres/gpu:a100.",
        }
    }
}

fn is_name(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(rest)
}

/// Checks the spelling that the field asks for, if it asks for one.
pub(super) fn check(field: &Field, value: Value) -> Result<Value, Fault> {
    let Some(spelling) = field.spelling else {
        return Ok(value);
    };
    let sound = match &value {
        Value::Text(text) => spelling.allows(text),
        Value::List(items) => items.iter().all(|item| spelling.allows(item)),
        _ => true,
    };
    if sound {
        Ok(value)
    } else {
        Err(Fault::new("spelling", spelling.advice()))
    }
}

/// A rule of spelling is for texts of one line: elsewhere it would say nothing.
pub(super) fn misplaced(field: &Field) -> Option<Fault> {
    let fits = matches!(field.kind, FieldKind::String { .. } | FieldKind::List { .. });
    (field.spelling.is_some() && !fits)
        .then(|| Fault::new("impossible", "Only texts of one line and lists have a spelling."))
}
