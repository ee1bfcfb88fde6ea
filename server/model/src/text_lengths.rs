//! How long the texts may be that people write in several places.

/// The longest reason, comment or note of a person, in characters: of decisions, pauses, ends, corrections and roles.
pub const REASON_LENGTH: u16 = 2_000;
