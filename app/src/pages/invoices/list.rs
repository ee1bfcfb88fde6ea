use leptos::prelude::*;
use leptos_meta::Title;

use super::rows::{InvoiceRows, Other};
use crate::{
    components::*,
    page::{Place, page},
    server_fns::billing::{InvoiceList, load_invoices},
};

#[component]
pub fn InvoicesPage() -> impl IntoView {
    page(Place::Market, async {
        let InvoiceList { page, filters } = load_invoices().await?;
        Ok(view! {
            <Title text="Invoices"/>
            <PageHead title="Invoices" lead="One for each organization, provider and month. Open ones are estimates."/>
            <InvoiceRows base="/invoices".to_owned() page=page filters=filters other=Other::Seller/>
        })
    })
}
