//! What a plugin can do beyond making, changing and ending resources.

use std::collections::BTreeSet;

use serde::Serialize;

/// Something that not every plugin can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// Give the project's members access on the backend.
    Members,
    /// Report measured usage.
    Usage,
    /// List what is on the backend, so that drift is noticed.
    Inspect,
    /// List the parts of a resource.
    Parts,
}

impl Power {
    /// Every power, in the order in which pages list them.
    pub const ALL: &'static [Self] = &[Self::Members, Self::Usage, Self::Inspect, Self::Parts];

    /// The stored and sent name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Usage => "usage",
            Self::Inspect => "inspect",
            Self::Parts => "parts",
        }
    }

    /// What a person reads where the power was asked for and is missing.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Members => "Access to this kind of service is given by its provider, outside the portal.",
            Self::Usage => "This kind of service does not measure usage; its provider reports it.",
            Self::Inspect => "This kind of service keeps no list that could be compared.",
            Self::Parts => "This kind of service lists no parts.",
        }
    }
}

/// The set of [`Power`]s of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Capabilities {
    powers: BTreeSet<Power>,
}

impl Capabilities {
    /// Exactly these powers.
    pub fn of(powers: &[Power]) -> Self {
        Self {
            powers: powers.iter().copied().collect(),
        }
    }

    /// Whether the plugin can do it.
    pub fn can(&self, power: Power) -> bool {
        self.powers.contains(&power)
    }
}
