//! Why a backend did not do what it was asked. Each variant is an outcome of the job that asked.

use std::time::Duration;

use crate::Power;

/// A refusal or failure. Every reason is a sentence for people and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PluginError {
    /// Nothing is wrong with the request; the backend cannot be asked now. Try again after the delay.
    #[error("{reason}")]
    Retry {
        /// The least time to wait; the queue adds its own back-off.
        after: Duration,
        /// What happened.
        reason: String,
    },
    /// The request can never succeed as it is. Trying again is pointless; the buyer must ask for something else.
    #[error("{reason}")]
    Refused {
        /// What is wrong with the request.
        reason: String,
    },
    /// The provider or the operator must put something right (settings, rights, a clash of names); then it can be tried again.
    #[error("{reason}")]
    NeedsOperator {
        /// What is to be put right.
        reason: String,
    },
    /// The plugin does not have this power.
    #[error("{}", power.missing())]
    Unsupported {
        /// The power that was asked for.
        power: Power,
    },
}

impl PluginError {
    /// See [`PluginError::Retry`].
    pub fn retry(after: Duration, reason: impl Into<String>) -> Self {
        Self::Retry {
            after,
            reason: reason.into(),
        }
    }

    /// See [`PluginError::Refused`].
    pub fn refused(reason: impl Into<String>) -> Self {
        Self::Refused {
            reason: reason.into(),
        }
    }

    /// See [`PluginError::NeedsOperator`].
    pub fn needs_operator(reason: impl Into<String>) -> Self {
        Self::NeedsOperator {
            reason: reason.into(),
        }
    }

    /// Somebody asked for an action that the plugin does not have.
    pub fn unknown_action(key: &str) -> Self {
        Self::refused(format!(
            "This kind of service has no action \"{key}\" (any more)."
        ))
    }

    /// See [`PluginError::Unsupported`].
    pub fn unsupported(power: Power) -> Self {
        Self::Unsupported { power }
    }
}
