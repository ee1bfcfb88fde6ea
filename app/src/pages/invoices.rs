//! Invoices: the list, and one as it is printed.

mod detail;
mod list;

pub use self::{detail::InvoicePage, list::InvoicesPage};

use model::InvoiceState;

use crate::components::Tone;

fn tone(state: InvoiceState) -> Tone {
    match state {
        InvoiceState::Open => Tone::Neutral,
        InvoiceState::Issued => Tone::Waiting,
        InvoiceState::Paid => Tone::Good,
        InvoiceState::Canceled => Tone::Ended,
    }
}
