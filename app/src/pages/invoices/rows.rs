//! A list of invoices with its filters, wherever in the portal it stands.

use leptos::prelude::*;
use model::{DocumentKind, InvoiceState, InvoiceSummary, Page};

use crate::{
    address::{address, with},
    appearance,
    components::*,
    form::FormFields,
    page::Area,
    routes,
};

/// Which side of an invoice its readers do not know yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counterparty {
    /// They buy.
    Seller,
    /// They sell, or operate the portal.
    Buyer,
}

/// The list below `base`, narrowed down by `filters`; what is opened from it stays in `area`.
#[component]
pub fn InvoiceRows(
    base: String,
    page: Page<InvoiceSummary>,
    filters: FormFields,
    counterparty: Counterparty,
    area: Area,
) -> impl IntoView {
    let next = page
        .next
        .map(|cursor| address(&base, &with(&filters, "cursor", &cursor)));
    let choices = InvoiceState::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.label()))
        .collect::<Vec<_>>();
    let rows = if page.items.is_empty() {
        no_invoices(&filters).into_any()
    } else {
        table(page.items, counterparty, &area.parameters()).into_any()
    };
    let kept = Some(filters.text("organization").to_owned()).filter(|id| !id.is_empty());
    let kept = kept
        .map(|id| ("organization".to_owned(), id))
        .into_iter()
        .collect();
    view! {
        <FilterForm action=base>
            <HiddenFields fields=kept/>
            <TextField name="month" label="Month" value=filters.text("month") placeholder="2026-10" width=FieldWidth::Short/>
            <Select name="state" label="State" value=filters.text("state") choices=choices placeholder="Any" width=FieldWidth::Short/>
        </FilterForm>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

/// Why the list is empty: it is narrowed down, or there is nothing yet.
fn no_invoices(filters: &FormFields) -> impl IntoView + use<> {
    let is_narrowed = ["month", "state"]
        .iter()
        .any(|name| !filters.text(name).is_empty());
    let (title, text) = if is_narrowed {
        ("No such invoices", "Take a filter away to see more.")
    } else {
        (
            "No invoices yet",
            "An invoice begins when something is used in a month, and is issued when the month is closed.",
        )
    };
    view! {
        <EmptyState illustration=Illustration::Receipt title=title>
            {text}
        </EmptyState>
    }
}

fn table(rows: Vec<InvoiceSummary>, counterparty: Counterparty, from: &str) -> impl IntoView + use<> {
    let rows = rows
        .into_iter()
        .map(|one| row(one, counterparty, from))
        .collect_view();
    let columns = vec![
        Column::text("Invoice"),
        Column::text("State"),
        Column::text(heading(counterparty)),
        Column::text("Due").hide_phone(),
        Column::number("Net"),
        Column::number("Total"),
    ];
    view! {
        <DataTable caption="Invoices" columns=columns>
            {rows}
        </DataTable>
    }
}

fn heading(counterparty: Counterparty) -> &'static str {
    match counterparty {
        Counterparty::Seller => "From",
        Counterparty::Buyer => "Buyer",
    }
}

fn row(one: InvoiceSummary, counterparty: Counterparty, from: &str) -> impl IntoView + use<> {
    let href = format!("{}{from}", routes::invoice(one.id));
    let name = match (&one.number, one.state.is_issued()) {
        (Some(number), _) => number.clone(),
        (None, true) => format!("{} (internal)", one.month.title()),
        (None, false) => format!("{} (running)", one.month.title()),
    };
    let net = view! { <Money amount=one.net.to_decimal() currency=one.currency.to_string()/> };
    let total =
        view! { <Money amount=one.total.to_decimal() currency=one.currency.to_string() strong=true/> };
    let (party, own) = match counterparty {
        Counterparty::Seller => (one.provider_name, one.organization_name),
        Counterparty::Buyer => (one.organization_name, one.provider_name),
    };
    let what = match one.kind {
        DocumentKind::Invoice => one.month.title(),
        kind => format!("{}, {}", kind.label(), one.month.title()),
    };
    let sub = match counterparty {
        Counterparty::Seller => format!("{what} to {own}"),
        Counterparty::Buyer => format!("{what} from {own}"),
    };
    let due = one.due_on.map(|day| view! { <DayText day=day/> });
    view! {
        <Row>
            <MainCell href=href sub=sub>
                {name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=appearance::invoice_tone(one.state) label=one.state.label()/>
            </Cell>
            <Cell label=heading(counterparty)>
                {party}
            </Cell>
            <Cell label="Due" hide_phone=true>
                {due}
            </Cell>
            <Cell label="Net" num=true>
                {net}
            </Cell>
            <Cell label="Total" num=true>
                {total}
            </Cell>
        </Row>
    }
}
