use leptos::prelude::*;
use leptos_meta::Title;

use super::provider_id;
use crate::{
    components::*,
    page::{Area, page},
    pages::invoices::{BillingFaults, Counterparty, InvoiceRows},
    routes,
    server_fns::provider::{ProviderInvoices, ProviderRows, load_provider_invoices},
};

#[component]
pub fn ProviderInvoicesPage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        let ProviderInvoices { rows, faults } = load_provider_invoices(id.clone()).await?;
        let ProviderRows { page, filters } = rows;
        let base = routes::provider_part(&id, "invoices");
        let area = Area::Provider(id.clone());
        Ok(view! {
            <Title text="Invoices"/>
            <PageHeader title="Invoices" lead="What you charge, one for each buyer and month. Open ones are estimates."/>
            <BillingFaults faults=faults/>
            <InvoiceRows base=base page=page filters=filters counterparty=Counterparty::Buyer area=area/>
        })
    })
}
