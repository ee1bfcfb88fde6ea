//! One page per file, by context.

pub mod design;
pub mod not_found;
pub mod start;
