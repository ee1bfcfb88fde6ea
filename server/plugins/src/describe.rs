//! How a plugin presents itself to providers.

use model::pricing::ChargeType;
use serde::Serialize;

/// A plugin as a provider sees it when choosing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PluginInfo {
    /// The word under which offerings name the plugin.
    pub kind: &'static str,
    /// A short title.
    pub title: &'static str,
    /// One or two plain sentences: what happens when somebody orders.
    pub description: &'static str,
    /// The name of an icon of the portal's set.
    pub icon: &'static str,
}

/// A component whose code the plugin understands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComponentPreset {
    /// The code that limits and usage events carry.
    pub code: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// The unit of limits and usage.
    pub unit: &'static str,
    /// What the component is.
    pub description: &'static str,
    /// Ways of charging that make sense for it; the first is the usual one.
    pub charges: &'static [ChargeType],
    /// Whether the plugin measures it. Where false, the provider reports the usage.
    pub metered: bool,
    /// Whether a limit of it is enforced by the backend.
    pub enforced: bool,
    /// Whether the backend counts use against a limit of it over the resource's whole life, and not anew in each period. Only of
    /// what is `metered` and `enforced`: requests then say what was used before ([`crate::ResourceRequest::used_before`]).
    pub counts_over_life: bool,
}

/// What a test of the connection found. Reaching the backend is not enough: `findings` tell what the settings lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectionReport {
    /// One sentence for the provider.
    pub summary: String,
    /// What was looked at, in order.
    pub findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, for example "Cluster".
    pub label: String,
    /// What was found.
    pub text: String,
    /// Whether it is as it must be for orders to be fulfilled.
    pub ok: bool,
}

impl ConnectionReport {
    /// Whether orders can be fulfilled with the tested settings.
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|finding| finding.ok)
    }
}

impl Finding {
    /// Something that is as it must be.
    pub fn good(label: &str, text: impl Into<String>) -> Self {
        Self {
            label: label.to_owned(),
            text: text.into(),
            ok: true,
        }
    }

    /// Something that must be put right before orders can be fulfilled.
    pub fn bad(label: &str, text: impl Into<String>) -> Self {
        Self {
            label: label.to_owned(),
            text: text.into(),
            ok: false,
        }
    }
}
