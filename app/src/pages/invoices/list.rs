use leptos::prelude::*;
use leptos_meta::Title;

use super::rows::{Counterparty, InvoiceRows};
use crate::{
    components::*,
    page::{Area, page_with_area},
    routes,
    server_fns::billing::{InvoiceList, load_invoices},
};

#[component]
pub fn InvoicesPage() -> impl IntoView {
    page_with_area(Area::Market, async {
        let InvoiceList { page, filters } = load_invoices().await?;
        let account = match filters.text("organization") {
            "" => routes::accounts(),
            organization => format!("{}?organization={organization}", routes::accounts()),
        };
        let account = view! { <LinkButton href=account kind=ButtonKind::Quiet>"Account"</LinkButton> };
        let area = Area::of_list(&filters);
        let view = view! {
            <Title text="Invoices"/>
            <PageHeader
                title="Invoices"
                lead="One for each organization, provider, currency and month. Open ones are estimates."
                actions=account.into_any()
            />
            <InvoiceRows base="/invoices".to_owned() page=page filters=filters counterparty=Counterparty::Seller area=area.clone()/>
        };
        Ok((area, view))
    })
}
