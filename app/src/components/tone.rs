//! The six meanings that colour may have. Every tone comes with a word or an icon beside it, never alone.

use super::icon::Icon;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Good,
    Waiting,
    Bad,
    Ended,
}

impl Tone {
    pub const ALL: [Self; 6] = [
        Self::Neutral,
        Self::Info,
        Self::Good,
        Self::Waiting,
        Self::Bad,
        Self::Ended,
    ];

    /// The class that sets `--tone`, `--tone-soft` and `--tone-line` for everything inside.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Info => "tone-info",
            Self::Good => "tone-good",
            Self::Waiting => "tone-waiting",
            Self::Bad => "tone-bad",
            Self::Ended => "tone-ended",
        }
    }

    /// Shapes differ as well as colours, for those who do not see the difference in colour.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Neutral => Icon::Circle,
            Self::Info => Icon::CircleDot,
            Self::Good => Icon::CheckCircle,
            Self::Waiting => Icon::Clock,
            Self::Bad => Icon::Alert,
            Self::Ended => Icon::Ban,
        }
    }
}
