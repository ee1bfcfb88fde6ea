//! One page per file, by context.

pub mod admin;
pub mod api;
pub mod approval_rules;
pub mod approvals;
pub mod design;
pub mod invoices;
pub mod marketplace;
pub mod not_found;
pub mod notices;
pub mod offering_steps;
pub mod orders;
mod place;
pub mod profile;
pub mod provider;
pub mod resources;
pub mod sign_in;
pub mod start;
pub mod structure;
pub mod webhooks;
