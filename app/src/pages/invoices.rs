//! Invoices: the list, and one as it is printed.

mod accounts;
mod detail;
mod list;
mod rows;

pub use self::{
    accounts::AccountsPage,
    detail::InvoicePage,
    list::InvoicesPage,
    rows::{InvoiceRows, Other},
};
