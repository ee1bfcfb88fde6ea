//! The answer to a refused form. Forms are posted, and the answer to a post is a redirect, with and without scripts; so
//! what was typed and what is wrong with it wait in the session for the page that shows the form again.

use model::Problem;
use serde::{Deserialize, Serialize};

use crate::form::{FieldError, FormFields};

/// What a page needs to show a refused form again: nothing is lost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FormReply {
    /// What was typed.
    pub fields: FormFields,
    /// What is wrong; none when the form was not refused.
    pub problem: Option<Problem>,
}

impl FormReply {
    /// Whether the form was sent before: then what was typed counts, also where it was left empty.
    pub fn is_filled(&self) -> bool {
        self.problem.is_some() || !self.fields.0.is_empty()
    }

    /// What was typed into `name`, or else the value that the page starts with.
    pub fn value_or(&self, name: &str, start: impl Into<String>) -> String {
        if self.is_filled() {
            self.fields.text(name).to_owned()
        } else {
            start.into()
        }
    }

    /// All values of `name` as they were sent, or else those that the page starts with.
    pub fn values_or(&self, name: &str, start: Vec<String>) -> Vec<String> {
        if self.is_filled() {
            self.fields.all(name).to_vec()
        } else {
            start
        }
    }

    /// Whether the box was ticked, or else whether the page starts with it ticked.
    pub fn checked_or(&self, name: &str, start: bool) -> bool {
        if self.is_filled() {
            self.fields.is_on(name)
        } else {
            start
        }
    }

    /// What is wrong with the field.
    pub fn error(&self, name: &str) -> Option<String> {
        self.problem.as_ref()?.message_for(name).map(str::to_owned)
    }

    /// All that is wrong, for the summary on top of the form. A refusal of the whole points at the form.
    pub fn errors(&self) -> Vec<FieldError> {
        match &self.problem {
            None => Vec::new(),
            Some(problem) if problem.fields.is_empty() => vec![FieldError::new("", problem.detail.clone())],
            Some(problem) => {
                // A conflict names what stands in the way; without the refusal itself it would read as advice.
                let whole = (problem.kind == model::Kind::Conflict)
                    .then(|| FieldError::new("", problem.detail.clone()));
                let fields = problem.fields.iter();
                let fields = fields.map(|f| FieldError::new(f.path.clone(), f.message.clone()));
                whole.into_iter().chain(fields).collect()
            }
        }
    }
}
