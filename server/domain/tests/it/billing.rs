//! From what resources had and used to invoices, on both engines.

pub(crate) mod account;
mod advance;
mod charges;
mod closing;
mod correcting;
pub(crate) mod deal;
mod edges;
mod ends;
mod first_invoices;
mod late;
mod moving;
mod proration;
mod seeing;
mod tax;
mod versions;
