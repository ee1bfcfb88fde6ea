//! Offerings: states, visibility and what is missing before one can be published (`domain.md` 2).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// Where an offering stands.
    OfferingState {
        /// Being prepared; seen by its provider only.
        Draft = "draft", "Draft";
        /// Can be ordered.
        Active = "active", "Active";
        /// Shown, but cannot be ordered now.
        Paused = "paused", "Paused";
        /// No longer offered; its resources live on.
        Archived = "archived", "Archived";
    }
}

text_enum! {
    /// What can happen to an offering.
    OfferingVerb {
        /// Put it into the catalogue.
        Publish = "publish", "Publish";
        /// Stop new orders for a while.
        Pause = "pause", "Pause";
        /// Take orders again.
        Resume = "resume", "Resume";
        /// Take it out of the catalogue for good.
        Archive = "archive", "Archive";
    }
}

/// A move that the state of an offering does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("this offering is {}, so you cannot {} it", state.label().to_lowercase(), verb.as_str())]
pub struct OfferingMoveRefused {
    /// The state it is in.
    pub state: OfferingState,
    /// What was tried.
    pub verb: OfferingVerb,
}

impl OfferingState {
    /// The state that follows when `verb` happens, or the refusal.
    pub fn after(self, verb: OfferingVerb) -> Result<Self, OfferingMoveRefused> {
        use OfferingState as S;
        use OfferingVerb as V;
        Ok(match (self, verb) {
            (S::Draft, V::Publish) | (S::Paused, V::Resume) => S::Active,
            (S::Active, V::Pause) => S::Paused,
            (S::Draft | S::Active | S::Paused, V::Archive) => S::Archived,
            (state, verb) => return Err(OfferingMoveRefused { state, verb }),
        })
    }

    /// Whether what is offered can be changed. Of what is archived only that can be which those who have something of it
    /// need: the settings of its plugin (their resources are still reached with them), taking back a version of a plan that
    /// has not begun, and correcting a price.
    pub fn is_editable(self) -> bool {
        self != Self::Archived
    }

    /// Buyers may see it.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Active | Self::Paused)
    }
}

text_enum! {
    /// Who sees a published offering.
    Visibility {
        /// Everybody.
        Shared = "shared", "Everybody";
        /// Only the organizations that are named.
        Private = "private", "Named organizations";
    }
}

text_enum! {
    /// When a plan is charged.
    ChargeMode {
        /// At the start of a period.
        Advance = "advance", "In advance";
        /// At its end.
        Arrears = "arrears", "In arrears";
    }
}

text_enum! {
    /// One condition of being ready to publish.
    Requirement {
        /// A name.
        Name = "name", "Give it a name";
        /// A description.
        Description = "description", "Describe it";
        /// A category.
        Category = "category", "Choose a category";
        /// The category's required attributes.
        Attributes = "attributes", "Fill in the category's required attributes";
        /// A plugin with settings.
        Plugin = "plugin", "Choose how it is provisioned";
        /// Settings that were tested against the backend.
        TestedSettings = "tested_settings", "Test the connection to the backend";
        /// At least one component.
        Component = "component", "Add a component";
        /// At least one plan.
        Plan = "plan", "Add a plan";
        /// A price for every component in every plan, and no plan that nobody could order at its prices.
        Prices = "prices", "Set a price for every component in every plan";
        /// A request form without faults.
        RequestForm = "request_form", "Mend the request form";
        /// Terms of service.
        Terms = "terms", "Write the terms of service";
        /// A private offering names who may see it.
        Audience = "audience", "Name the organizations that may see it";
    }
}

/// A line of the readiness list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Readiness {
    /// The condition.
    pub requirement: Requirement,
    /// Whether it is met.
    pub met: bool,
    /// What exactly is missing, in words; null when met.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub detail: String,
}

text_enum! {
    /// How the last test of an offering's plugin settings went.
    ConnectionState {
        /// These settings were not tested.
        None = "not_tested", "Not tested";
        /// A worker is about it.
        Running = "testing", "Testing";
        /// The backend answered as it should.
        Ok = "works", "Works";
        /// It did not.
        Failed = "does_not_work", "Does not work";
    }
}

/// The last test of an offering's plugin settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionTest {
    /// How it went.
    pub state: ConnectionState,
    /// What the backend said, in words; null while it runs.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub message: String,
    /// When it ended, or was asked for.
    pub at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn moves_of_every_state() {
        let mut table = String::new();
        for state in OfferingState::ALL {
            for verb in OfferingVerb::ALL {
                let next = state.after(*verb).map_or("-", OfferingState::as_str);
                writeln!(table, "{:<9} {:<8} {next}", state.as_str(), verb.as_str()).unwrap();
            }
        }
        insta::assert_snapshot!(table);
    }
}
