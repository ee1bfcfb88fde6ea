//! Forms and their fields. A field named `limit` has the id `f-limit`, its help `f-limit-help`, its error `f-limit-error`;
//! the error summary links to these ids.

mod choice;
mod combobox;
pub mod field;
mod group;
mod number;
mod select;
mod summary;
mod text;
mod toggle;
mod whole;

pub use self::{
    choice::*, combobox::*, field::*, group::*, number::*, select::*, summary::*, text::*, toggle::*,
    whole::*,
};
