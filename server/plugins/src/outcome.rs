//! What a verb led to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The answer of a verb that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The resource is as the request describes it.
    Ready {
        /// How the backend knows the resource; stable for the resource's life.
        backend_id: String,
        /// How people reach and use it, to be shown on the resource's page.
        details: Vec<Detail>,
    },
    /// The backend, or a person, is still at it.
    Pending {
        /// When to ask again with [`crate::Plugin::poll`]. `None`: asking is pointless, a person or a callback ends it.
        poll_after: Option<Duration>,
        /// What is being waited for, as a sentence for people.
        waiting_for: String,
    },
    /// Nothing is left of the resource.
    Gone,
}

/// A line of access information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What it is, for example "Account".
    pub label: String,
    /// The value, as it can be copied.
    pub value: String,
}

impl Detail {
    /// A line of access information.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}
