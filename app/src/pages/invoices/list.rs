use leptos::prelude::*;
use leptos_meta::Title;
use model::{InvoiceState, InvoiceSummary};

use super::tone;
use crate::{
    address::{address, with},
    components::*,
    page::{Place, page},
    routes,
    server_fns::billing::{InvoiceList, load_invoices},
};

#[component]
pub fn InvoicesPage() -> impl IntoView {
    page(Place::Market, async { Ok(invoices(load_invoices().await?)) })
}

/// A list of invoices, wherever in the portal it stands.
fn invoices(list: InvoiceList) -> impl IntoView {
    let InvoiceList { page, filters } = list;
    let next = page
        .next
        .map(|cursor| address("/invoices", &with(&filters, "cursor", &cursor)));
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState art=EmptyArt::Receipt title="No invoices yet">
                "An invoice is made when something is used, and issued when its month is closed."
            </EmptyState>
        }
        .into_any()
    } else {
        table(page.items).into_any()
    };
    view! {
        <Title text="Invoices"/>
        <PageHead title="Invoices" lead="One for each organization, provider and month. Open ones are estimates."/>
        <Filters month=filters.text("month").to_owned() state=filters.text("state").to_owned()/>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

#[component]
fn Filters(month: String, state: String) -> impl IntoView {
    let choices = InvoiceState::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.label()))
        .collect::<Vec<_>>();
    view! {
        <FilterForm action="/invoices">
            <TextField name="month" label="Month" value=month placeholder="2026-10" width=FieldWidth::Short/>
            <Select name="state" label="State" value=state choices=choices placeholder="Any" width=FieldWidth::Short/>
        </FilterForm>
    }
}

fn table(rows: Vec<InvoiceSummary>) -> impl IntoView {
    let columns = vec![
        Column::text("Invoice"),
        Column::text("Month"),
        Column::text("State"),
        Column::text("From").hide_phone(),
        Column::text("Due").hide_phone(),
        Column::number("Net"),
        Column::number("Total"),
    ];
    view! {
        <DataTable caption="Invoices" columns=columns>
            {rows.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(one: InvoiceSummary) -> impl IntoView {
    let name = one
        .number
        .clone()
        .unwrap_or_else(|| format!("{} (running)", one.month));
    let currency = one.currency.to_string();
    let net = view! { <Money amount=one.net.to_decimal() currency=currency.clone()/> };
    let total = view! { <Money amount=one.total.to_decimal() currency=currency strong=true/> };
    let due = one.due_on.map(|day| view! { <DayText day=day/> });
    view! {
        <Row>
            <MainCell href=routes::invoice(one.id) sub=one.organization_name>{name}</MainCell>
            <Cell label="Month">{one.month.to_string()}</Cell>
            <Cell label="State"><StateBadge tone=tone(one.state) label=one.state.label()/></Cell>
            <Cell label="From">{one.provider_name}</Cell>
            <Cell label="Due">{due}</Cell>
            <Cell label="Net" num=true>{net}</Cell>
            <Cell label="Total" num=true>{total}</Cell>
        </Row>
    }
}
