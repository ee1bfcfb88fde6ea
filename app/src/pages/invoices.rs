//! Invoices: the list, and one as it is printed.

mod detail;
mod list;
mod rows;

pub use self::{
    detail::InvoicePage,
    list::InvoicesPage,
    rows::{InvoiceRows, Other},
};
