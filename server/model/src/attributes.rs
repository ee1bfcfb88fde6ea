//! Forms: ordered typed fields, their values, and the checks that both the browser and the server make. One schema type
//! serves category attributes, request forms, plugin settings and plugin actions.
//!
//! Invariants: all faults of an input are reported at once, each at its field; fields that are not in the schema are
//! refused; what a hidden field carries is dropped; nothing a person sent is repeated back at length; a secret never
//! shows in `Debug` output or in [`Schema::display`].

mod bounds;
mod display;
mod fault;
mod field;
mod parse;
mod raw;
mod schema_check;
mod spelling;
mod ssh_key;
mod value;
mod web_address;

use serde::{Deserialize, Serialize};

pub use crate::problem::FieldFault as FieldError;
pub use display::DisplayRow;
pub use field::{Condition, Field, FieldChoice, FieldKind};
pub use parse::under;
pub use schema_check::is_key;
pub use spelling::Spelling;
pub use value::{Value, Values};

/// The longest single-line text unless a field says otherwise, in characters.
pub const STRING_LENGTH: u32 = 200;
/// The longest text of several lines unless a field says otherwise, in characters.
pub const TEXT_LENGTH: u32 = 10_000;
/// The most entries in a list or a multiple choice unless a field says otherwise.
pub const MOST_ITEMS: u32 = 100;

/// An ordered set of fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Schema {
    /// The fields, in the order in which they are shown.
    #[serde(default)]
    pub fields: Vec<Field>,
}

impl Schema {
    /// A schema of these fields; see [`Schema::validate`].
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields }
    }

    /// The field called `key`.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// There is nothing to fill in.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

#[cfg(test)]
mod tests;
