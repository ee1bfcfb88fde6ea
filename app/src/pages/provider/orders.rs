use leptos::prelude::*;
use leptos_meta::Title;
use model::OrderSummary;

use super::provider_id;
use crate::{
    address::{address, with},
    appearance,
    components::*,
    form::FormFields,
    page::{Area, page},
    pages::orders::sums::full_month,
    routes,
    server_fns::provider::{ProviderRows, load_provider_orders},
};

/// Quick filters: the value in the address and the words.
const QUICK_FILTERS: [(&str, &str); 5] = [
    ("", "All"),
    ("mine", "Waiting for you"),
    ("executing", "In progress"),
    ("erred", "Failed"),
    ("over", "Over"),
];

#[component]
pub fn ProviderOrdersPage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        let rows = load_provider_orders(id.clone()).await?;
        Ok(view! { <Orders provider=id rows=rows/> })
    })
}

#[component]
fn Orders(provider: String, rows: ProviderRows<OrderSummary>) -> impl IntoView {
    let ProviderRows { page, filters } = rows;
    let base = routes::provider_part(&provider, "orders");
    let next = page
        .next
        .map(|cursor| address(&base, &with(&filters, "cursor", &cursor)));
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Inbox title="No orders here">
                "Orders for your offerings appear here, the newest first."
            </EmptyState>
        }
        .into_any()
    } else {
        table(&provider, page.items).into_any()
    };
    view! {
        <Title text="Orders"/>
        <PageHeader title="Orders" lead="What buyers ordered of you: approve, reject, or carry it out by hand."/>
        <Toolbar>
            <QuickFilters items=quick_filters(&base, &filters)/>
        </Toolbar>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

fn quick_filters(base: &str, filters: &FormFields) -> Vec<NavLink> {
    let link = |&(value, label): &(&str, &str)| NavLink::filter(label, (base, filters), ("state", value));
    QUICK_FILTERS.iter().map(link).collect()
}

fn table(provider: &str, rows: Vec<OrderSummary>) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("Order"),
        Column::text("State"),
        Column::text("Buyer"),
        Column::text("Placed"),
        Column::number(MONTH),
    ];
    let rows: Vec<_> = rows.into_iter().map(|one| row(provider, one)).collect();
    view! {
        <DataTable caption="Orders" columns=columns>
            {rows}
        </DataTable>
    }
}

/// What the column of costs is.
const MONTH: &str = "Fixed per month, without tax";

fn row(provider: &str, one: OrderSummary) -> impl IntoView + use<> {
    let sub = format!("{} · {} · {}", one.kind.label(), one.offering_name, one.plan_name);
    let decide = one
        .can_decide
        .then(|| view! { <Badge tone=Tone::Waiting>"Your decision"</Badge> });
    let work = one
        .can_fulfil
        .then(|| view! { <Badge tone=Tone::Waiting>"Your work"</Badge> });
    let href = routes::provider_order(provider, one.id);
    let month = full_month(&one);
    view! {
        <Row muted=one.state.is_terminal()>
            <MainCell href=href sub=sub>
                {one.resource_name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=appearance::order_tone(one.state) label=one.state.label()/>
                " "
                {decide}
                {work}
            </Cell>
            <Cell label="Buyer">
                <div>
                    {one.organization_name}
                    <br/>
                    <span class="muted small">{one.project_name}</span>
                </div>
            </Cell>
            <Cell label="Placed">
                <RelativeTime at=one.created_at/>
            </Cell>
            <Cell label=MONTH num=true nowrap=true>
                {month}
            </Cell>
        </Row>
    }
}
