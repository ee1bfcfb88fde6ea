//! From what resources had and used to invoices, on both engines.

mod charges;
mod closing;
pub(crate) mod deal;
mod late;
mod moving;
mod proration;
mod seeing;
mod tax;
