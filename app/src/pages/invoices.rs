//! Invoices: the list, and one as it is printed.

mod accounts;
mod detail;
mod faults;
mod list;
mod rows;

pub use self::{
    accounts::AccountsPage,
    detail::InvoicePage,
    faults::BillingFaults,
    list::InvoicesPage,
    rows::{Counterparty, InvoiceRows},
};
