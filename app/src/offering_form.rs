//! From the fields of a provider's forms to drafts of an offering's parts, and back to the texts that a form starts with.
//! Only reading happens here: whether a draft is acceptable is decided by the services.

mod action;
mod component;
mod description;
mod field;
mod plan;
mod questions;
mod reader;

pub use self::{
    action::{action_draft, action_texts, free_key},
    component::{component_draft, component_texts},
    description::{description_draft, description_texts, unchanged_draft},
    field::{FieldType, field_of, field_texts},
    plan::{
        SchemeKind, correction_draft, plan_draft, plan_texts, price_change_texts, price_texts, scheme_fields,
    },
    questions::{Questions, own_action},
    reader::FormReader,
};
