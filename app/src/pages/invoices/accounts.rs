use leptos::prelude::*;
use leptos_meta::Title;
use model::{AccountEntry, AccountStatement};

use crate::{
    address::{address, with},
    components::*,
    page::{Area, page},
    routes,
    server_fns::billing::{AccountList, load_accounts},
};

#[component]
pub fn AccountsPage() -> impl IntoView {
    page(Area::Market, async { Ok(whole(load_accounts().await?)) })
}

fn whole(list: AccountList) -> impl IntoView {
    let AccountList { page, filters } = list;
    let next = page
        .next
        .map(|cursor| address(&routes::accounts(), &with(&filters, "cursor", &cursor)));
    let shown = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Receipt title="Nothing has stood on an account yet">
                "A document in the buyer's favour is a credit note. Its sum stands here until the next invoices use it."
            </EmptyState>
        }
        .into_any()
    } else {
        page.items.into_iter().map(account).collect_view().into_any()
    };
    view! {
        <Title text="Account"/>
        <PageHeader
            title="Account"
            breadcrumbs=vec![Breadcrumb::to("Invoices", "/invoices"), Breadcrumb::here("Account")]
            lead="What credit notes granted and what invoices used of it, for each provider and currency."
        />
        {shown}
        <CursorPages next=next/>
    }
}

fn account(one: AccountStatement) -> impl IntoView {
    let currency = one.currency.to_string();
    let title = format!("{} with {}", one.organization_name, one.provider_name);
    let columns = vec![
        Column::text("Document"),
        Column::text("When"),
        Column::number("Amount"),
        Column::number("Balance"),
    ];
    let balance = view! { <Money amount=one.balance.to_decimal() currency=currency.clone() strong=true/> };
    let rows: Vec<_> = one
        .entries
        .into_iter()
        .map(|entry| row(entry, &currency))
        .collect();
    view! {
        <Section title=title flush=true>
            <StatGrid>
                <Stat label="Balance" note="the next invoices use it">{balance}</Stat>
            </StatGrid>
            <DataTable caption="Entries of the account" columns=columns>{rows}</DataTable>
        </Section>
    }
}

fn row(entry: AccountEntry, currency: &str) -> impl IntoView + use<> {
    let sub = format!("{}, {}", entry.kind.label(), entry.month.title());
    let amount = view! { <Money amount=entry.amount.to_decimal() currency=currency.to_owned()/> };
    let balance = view! { <Money amount=entry.balance.to_decimal() currency=currency.to_owned()/> };
    view! {
        <Row>
            <MainCell href=routes::invoice(entry.invoice_id) sub=sub>
                {entry.number}
            </MainCell>
            <Cell label="When"><DateText at=entry.created_at/></Cell>
            <Cell label="Amount" num=true>{amount}</Cell>
            <Cell label="Balance" num=true>{balance}</Cell>
        </Row>
    }
}
