//! What went wrong, in the form that both front doors show: a page or an RFC 9457 problem document.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// The families of failure. Edges translate a kind to a status once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It does not exist, or is not yours: the two answer alike.
    NotFound,
    /// Nobody is signed in, or the token is not valid.
    Unauthenticated,
    /// You may see it, but not do this with it.
    Forbidden,
    /// What was sent is not acceptable; `fields` says where.
    Invalid,
    /// It clashes with the present state of the thing.
    Conflict,
    /// Too large to be taken.
    TooLarge,
    /// Too many tries; wait.
    Throttled,
    /// A part that is needed is not reachable now; trying again later may work.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// The HTTP status of this family.
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::Invalid => 422,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Throttled => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }

    /// A short title for a person.
    pub fn title(self) -> &'static str {
        match self {
            Self::NotFound => "Not found",
            Self::Unauthenticated => "Please sign in",
            Self::Forbidden => "Not allowed",
            Self::Invalid => "Please check what you entered",
            Self::Conflict => "That is no longer possible",
            Self::TooLarge => "Too large",
            Self::Throttled => "Too many tries",
            Self::Unavailable => "Not available right now",
            Self::Internal => "Something went wrong on our side",
        }
    }
}

/// One faulty field of a form or request body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldFault {
    /// Path of the field: `name`, `limits.cpu_hours`, `attributes.shell`.
    pub path: String,
    /// Stable code of the rule that was broken: `required`, `too_long`, `out_of_range`.
    pub code: String,
    /// What is wrong and what would be right, for a person.
    pub message: String,
}

impl FieldFault {
    /// A fault at `path`.
    pub fn at(path: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            code: code.into(),
            message: message.into(),
        }
    }
}

/// A refusal or failure as both doors show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The family of the failure.
    pub kind: Kind,
    /// Stable machine name of this very refusal: `plan_not_offered`.
    pub code: String,
    /// What happened and what to do, for a person.
    pub detail: String,
    /// Faulty fields, where the input was at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldFault>,
    /// The id under which our logs know this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// Seconds after which trying again may work, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem without field faults.
    pub fn plain(kind: Kind, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            detail: detail.into(),
            fields: Vec::new(),
            trace_id: None,
            retry_after: None,
        }
    }

    /// The same, with the seconds after which trying again may work.
    #[must_use]
    pub fn after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// A problem of input, with the fields at fault.
    pub fn invalid(fields: Vec<FieldFault>) -> Self {
        Self {
            kind: Kind::Invalid,
            code: "invalid_input".into(),
            detail: "Some fields need your attention.".into(),
            fields,
            trace_id: None,
            retry_after: None,
        }
    }

    /// The message for the field at `path`, if it is at fault.
    pub fn message_for(&self, path: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|fault| fault.path == path)
            .map(|fault| fault.message.as_str())
    }
}

/// A refusal or failure as people read it: with a capital letter at the beginning, and a full stop where nothing else ends it.
pub fn sentence(fault: &impl Display) -> String {
    let text = fault.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn refusals_become_sentences() {
        assert_eq!(sentence(&"this is over"), "This is over.");
        assert_eq!(sentence(&"Écoutez!"), "Écoutez!");
        assert_eq!(sentence(&""), ".");
    }
}
