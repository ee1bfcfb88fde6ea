//! What a plugin can do beyond making and ending resources.

use std::collections::BTreeSet;

use serde::Serialize;

/// Something that not every plugin can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// Change the limits of a living resource.
    ChangeLimits,
    /// Stop and continue the use of a resource (pause and resume).
    Pause,
    /// Give the project's members access on the backend.
    Members,
    /// Report measured usage.
    Usage,
    /// List what is on the backend, so that drift is noticed.
    Inspect,
}

impl Power {
    /// Every power, in the order in which pages list them.
    pub const ALL: &'static [Self] = &[
        Self::ChangeLimits,
        Self::Pause,
        Self::Members,
        Self::Usage,
        Self::Inspect,
    ];

    /// The stored and sent name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChangeLimits => "change_limits",
            Self::Pause => "pause",
            Self::Members => "members",
            Self::Usage => "usage",
            Self::Inspect => "inspect",
        }
    }

    /// The words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::ChangeLimits => "Change limits",
            Self::Pause => "Pause and resume",
            Self::Members => "Give members access",
            Self::Usage => "Measure usage",
            Self::Inspect => "Compare with the backend",
        }
    }

    /// Why something is greyed out where the power is missing.
    pub fn missing(self) -> &'static str {
        match self {
            Self::ChangeLimits => {
                "The limits of this kind of service cannot be changed after it was created."
            }
            Self::Pause => "This kind of service cannot be paused.",
            Self::Members => "Access to this kind of service is given by its provider, outside the portal.",
            Self::Usage => "This kind of service does not measure usage; its provider reports it.",
            Self::Inspect => "This kind of service keeps no list that could be compared.",
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

    /// `None` when the plugin can do it, otherwise the sentence that says why not.
    pub fn why_not(&self, power: Power) -> Option<&'static str> {
        if self.can(power) {
            None
        } else {
            Some(power.missing())
        }
    }

    /// The powers, in the order of [`Power::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Power> + '_ {
        self.powers.iter().copied()
    }
}
