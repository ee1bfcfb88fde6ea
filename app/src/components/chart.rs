//! Charts drawn by the server: an SVG that stretches, axes in HTML so that they stay readable on a phone, and the same
//! figures as a table behind a disclosure. Hovering a bar shows its figure (an SVG title), without any script.

pub mod plot;
pub mod scale;
mod series;
mod sparkline;
pub mod table;

pub use self::{plot::*, series::*, sparkline::*};
