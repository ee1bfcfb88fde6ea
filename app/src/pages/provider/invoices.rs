use leptos::prelude::*;
use leptos_meta::Title;
use model::{InvoiceState, InvoiceSummary};

use super::provider_id;
use crate::{
    address::{address, with},
    components::*,
    looks,
    page::{Place, page},
    routes,
    server_fns::provider::{ProviderRows, load_provider_invoices},
};

#[component]
pub fn ProviderInvoicesPage() -> impl IntoView {
    let id = provider_id();
    page(Place::Provider(id.clone()), async move {
        let rows = load_provider_invoices(id.clone()).await?;
        let base = routes::provider_part(&id, "invoices");
        Ok(view! {
            <Title text="Invoices"/>
            <PageHead title="Invoices" lead="What you charge, one for each buyer and month. Open ones are estimates."/>
            <Invoices base=base rows=rows/>
        })
    })
}

/// Invoices of many buyers, with filters.
#[component]
pub fn Invoices(base: String, rows: ProviderRows<InvoiceSummary>) -> impl IntoView {
    let ProviderRows { page, filters } = rows;
    let next = page
        .next
        .map(|cursor| address(&base, &with(&filters, "cursor", &cursor)));
    let choices = InvoiceState::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.label()))
        .collect::<Vec<_>>();
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState art=EmptyArt::Receipt title="No invoices here">
                "An invoice begins when something is used in a month, and is issued when the month is closed."
            </EmptyState>
        }
        .into_any()
    } else {
        table(page.items).into_any()
    };
    view! {
        <FilterForm action=base>
            <TextField name="month" label="Month" value=filters.text("month") placeholder="2026-10" width=FieldWidth::Short/>
            <Select name="state" label="State" value=filters.text("state") choices=choices placeholder="Any" width=FieldWidth::Short/>
        </FilterForm>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

fn table(rows: Vec<InvoiceSummary>) -> impl IntoView {
    let columns = vec![
        Column::text("Invoice"),
        Column::text("Buyer"),
        Column::text("State"),
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
    let sub = format!("{} from {}", one.month, one.provider_name);
    let due = one.due_on.map(|day| view! { <DayText day=day/> });
    view! {
        <Row>
            <MainCell href=routes::invoice(one.id) sub=sub>
                {name}
            </MainCell>
            <Cell label="Buyer">{one.organization_name}</Cell>
            <Cell label="State">
                <StateBadge tone=looks::invoice_tone(one.state) label=one.state.label()/>
            </Cell>
            <Cell label="Due" hide_phone=true>
                {due}
            </Cell>
            <Cell label="Net" num=true>
                <Money amount=one.net.to_decimal() currency=one.currency.to_string()/>
            </Cell>
            <Cell label="Total" num=true>
                <Money amount=one.total.to_decimal() currency=currency strong=true/>
            </Cell>
        </Row>
    }
}
