//! What the portal knows of a plugin, without the plugin: plain facts that pages and the API show.

use serde::{Deserialize, Serialize};

use crate::{Action, ChargeType, ComponentTerms, Condition, ConditionFacts, Schema};

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
    /// What must be assigned to a provider before its offerings may name it: fields under the keys of settings. Empty: nothing.
    pub assigned: Schema,
    /// Components that it understands.
    pub components: Vec<PresetFacts>,
    /// It has no backend to test: a person or nobody provisions.
    pub by_hand: bool,
    /// What can be done with its resources.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// The conditions that its resources can be in on the backend; the first is the one in which they are made. Empty: it knows
    /// none.
    #[serde(default)]
    pub conditions: Vec<ConditionFacts>,
    /// It lists the parts of a resource.
    #[serde(default)]
    pub lists_parts: bool,
    /// The setting of the offering without which its resources have no parts to list.
    #[serde(default)]
    pub parts_offered_when: Option<Condition>,
    /// Providers define actions of their own, which their people do by hand.
    #[serde(default)]
    pub takes_own_actions: bool,
}

impl PluginFacts {
    /// Whether the provider is asked how much of the component was used: of what is charged by use always, since what a backend
    /// counted may have to be corrected; of a limit where no backend counts it.
    pub fn asks_for_use(&self, terms: &ComponentTerms) -> bool {
        let counted = self
            .components
            .iter()
            .any(|one| one.metered && one.code == terms.code);
        terms.charge == ChargeType::Usage || terms.charge.is_measured() && !counted
    }

    /// What an assigned backend of this plugin allows, for people: `Cluster: lab · Parent account: root`.
    pub fn allows_in_words(&self, settings: &serde_json::Value) -> String {
        let rows = self.assigned.display(settings);
        let parts: Vec<String> = rows
            .into_iter()
            .map(|row| format!("{}: {}", row.label, row.text))
            .collect();
        parts.join(" · ")
    }
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
            (false, false) => {
                "The backend neither measures it nor keeps use within a limit: you report how much was used."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_is_asked_for_where_no_backend_counts_it() {
        let preset = |code: &str, metered| PresetFacts {
            code: code.into(),
            name: code.into(),
            unit: "h".into(),
            description: String::new(),
            charges: vec![ChargeType::Limit],
            metered,
            enforced: false,
        };
        let plugin = PluginFacts {
            kind: "cluster".into(),
            title: "Cluster".into(),
            description: String::new(),
            settings: Schema::default(),
            assigned: Schema::default(),
            components: vec![preset("hours", true), preset("storage", false)],
            by_hand: false,
            actions: Vec::new(),
            conditions: Vec::new(),
            lists_parts: false,
            parts_offered_when: None,
            takes_own_actions: false,
        };
        let asked =
            |code: &str, charge| plugin.asks_for_use(&ComponentTerms::simple(code, code, "h", charge));
        for (code, charge, asks) in [
            ("hours", ChargeType::Limit, false),
            ("hours", ChargeType::Usage, true),
            ("storage", ChargeType::Limit, true),
            ("of my own", ChargeType::Limit, true),
            ("storage", ChargeType::Fixed, false),
            ("storage", ChargeType::OneTime, false),
        ] {
            assert_eq!(asked(code, charge), asks, "{code} {charge}");
        }
    }
}
