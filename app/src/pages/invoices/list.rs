use leptos::prelude::*;
use leptos_meta::Title;

use super::rows::{InvoiceRows, Other};
use crate::{
    components::*,
    page::{Place, placed},
    routes,
    server_fns::billing::{InvoiceList, load_invoices},
};

#[component]
pub fn InvoicesPage() -> impl IntoView {
    placed(Place::Market, async {
        let InvoiceList { page, filters } = load_invoices().await?;
        let account = match filters.text("organization") {
            "" => routes::accounts(),
            organization => format!("{}?organization={organization}", routes::accounts()),
        };
        let account = view! { <LinkButton href=account kind=ButtonKind::Quiet>"Account"</LinkButton> };
        let place = Place::of_list(&filters);
        let view = view! {
            <Title text="Invoices"/>
            <PageHead
                title="Invoices"
                lead="One for each organization, provider and month. Open ones are estimates."
                actions=account.into_any()
            />
            <InvoiceRows base="/invoices".to_owned() page=page filters=filters other=Other::Seller place=place.clone()/>
        };
        Ok((place, view))
    })
}
