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
    /// Components that it measures or enforces.
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
}
