//! Forms and their fields. A field named `limit` has the id `f-limit`, its help `f-limit-help`, its error `f-limit-error`;
//! the error summary links to these ids.

mod choice;
mod combobox;
mod container;
mod error_summary;
mod fault_labels;
pub mod field;
mod group;
mod number;
mod select;
mod text;
mod toggle;

pub use self::{
    choice::*, combobox::*, container::*, error_summary::*, fault_labels::FaultLabels, field::*, group::*,
    number::*, select::*, text::*, toggle::*,
};
