//! Tables that are tables on a desk and cards on a phone. Which is which is decided by the style sheet alone.

mod cells;
mod columns;
mod toolbar;
mod whole;

pub use self::{cells::*, columns::*, toolbar::*, whole::*};
