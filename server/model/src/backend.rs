//! What the portal knows of a plugin, without the plugin: plain facts that pages and the API show.

use serde::{Deserialize, Serialize};

use crate::{ChargeType, Schema};

/// A plugin, as a provider chooses it for an offering.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginFacts {
    /// Stable name: `slurm`.
    pub kind: String,
    /// Name for people.
    pub title: String,
    /// What it provisions.
    pub description: String,
    /// Settings that an offering of this kind needs.
    pub settings: Schema,
    /// Components that it understands.
    pub components: Vec<PresetFacts>,
    /// It has no backend to test: a person or nobody provisions.
    pub by_hand: bool,
}

/// A component that a plugin understands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresetFacts {
    /// Code.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// What it is.
    pub description: String,
    /// Charge types that make sense for it.
    pub charges: Vec<ChargeType>,
    /// Whether the backend measures it; where not, the provider reports its use.
    pub metered: bool,
    /// Whether the backend keeps use within a limit of it.
    pub enforced: bool,
}

impl PresetFacts {
    /// What the backend does by itself, and what is left to the provider, as a sentence.
    pub fn at_work(&self) -> &'static str {
        match (self.metered, self.enforced) {
            (true, true) => "The backend measures it and keeps use within limits.",
            (true, false) => "The backend measures it; nothing holds use within a limit.",
            (false, true) => "The backend keeps use within limits; you report how much was used.",
            (false, false) => "The backend does not measure it: you report how much was used.",
        }
    }
}
