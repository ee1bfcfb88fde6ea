//! One page per file, by context.

pub mod approvals;
pub mod design;
pub mod invoices;
pub mod marketplace;
pub mod not_found;
pub mod orders;
pub mod profile;
pub mod resources;
pub mod sign_in;
pub mod start;
