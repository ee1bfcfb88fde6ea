//! What a plugin is told of an action that somebody asked for, and what it answers.

use std::{fmt, time::Duration};

use model::{InventoryTable, ids::ActionId};
use serde_json::Value as Json;

use crate::{Detail, ResourceRequest};

/// An action to be done.
#[derive(Clone)]
pub struct ActionRequest {
    /// The same for each time that this very wish is brought.
    pub id: ActionId,
    /// The resource as it should be.
    pub resource: ResourceRequest,
    /// Which of [`crate::Plugin::actions`].
    pub key: String,
    /// What was filled in, secrets in the clear: an object that was checked against the action's input, with choices as they were
    /// when it was asked for.
    pub input: Json,
    /// Code of the condition that the portal believes the resource to be in: one of [`crate::Plugin::conditions`]. Empty where
    /// there are none.
    pub condition: String,
}

impl ActionRequest {
    /// A text, or what was chosen; none where it was left out.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.input.get(field).and_then(Json::as_str)
    }
}

impl fmt::Debug for ActionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was filled in may be secret.
        f.debug_struct("ActionRequest")
            .field("id", &self.id)
            .field("resource", &self.resource.resource)
            .field("key", &self.key)
            .field("condition", &self.condition)
            .finish_non_exhaustive()
    }
}

/// The parts of a resource as its backend lists them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// A table for each sort of part.
    pub tables: Vec<InventoryTable>,
    /// Code of the condition that the backend shows the resource in, which the portal then believes: somebody may have changed it
    /// there. `None`: the backend cannot tell.
    pub condition: Option<String>,
}

/// The answer to an action that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionOutcome {
    /// It was done, or there was nothing left to do.
    Done {
        /// What was done, as a sentence for people.
        message: String,
        /// What it gives back, to be shown to whoever sees the resource: nothing secret.
        output: Vec<Detail>,
        /// Code of the condition that the resource is in now. `None`: as before.
        condition: Option<String>,
    },
    /// The backend is still at it: the action is brought again.
    Pending {
        /// When.
        poll_after: Duration,
        /// What is being waited for, as a sentence for people.
        waiting_for: String,
    },
}

impl ActionOutcome {
    /// Done, without output, in the same condition.
    pub fn done(message: impl Into<String>) -> Self {
        Self::Done {
            message: message.into(),
            output: Vec::new(),
            condition: None,
        }
    }

    /// Done, and it is in this condition now.
    pub fn now_in(condition: &str, message: impl Into<String>) -> Self {
        Self::Done {
            message: message.into(),
            output: Vec::new(),
            condition: Some(condition.to_owned()),
        }
    }
}
