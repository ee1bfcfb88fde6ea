//! Tables that are tables on a wide screen and cards on a phone. Which is which is decided by the style sheet alone.

mod cells;
mod columns;
mod data_table;
mod toolbar;

pub use self::{cells::*, columns::*, data_table::*, toolbar::*};
