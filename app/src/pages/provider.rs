//! The area of a provider: its offerings, orders to handle, what it sold, use to report, invoices, history.

mod audit;
mod fulfil;
mod invoices;
mod new_offering;
mod offerings;
mod orders;
mod resources;
mod tasks;
mod usage;

pub use self::{
    audit::ProviderAuditPage,
    fulfil::ProviderOrderPage,
    invoices::ProviderInvoicesPage,
    new_offering::NewOfferingPage,
    offerings::ProviderPage,
    orders::ProviderOrdersPage,
    resources::ProviderResourcesPage,
    tasks::{ProviderTaskPage, ProviderTasksPage},
    usage::ProviderUsagePage,
};

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The provider in the address; to be read before anything is awaited.
fn provider_id() -> String {
    use_params_map().with_untracked(|params| params.get("org").unwrap_or_default())
}
