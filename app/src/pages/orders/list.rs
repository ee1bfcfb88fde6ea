use leptos::prelude::*;
use leptos_meta::Title;
use model::OrderSummary;

use super::sums::full_month;
use crate::{
    address::{address, with},
    appearance,
    components::*,
    error::AppError,
    form::FormFields,
    order_filters::{OPEN, QUICK_FILTERS},
    page::{Area, page_with_area},
    routes,
    server_fns::ordering::{OrdersFacts, load_orders},
};

#[component]
pub fn OrdersPage() -> impl IntoView {
    page_with_area(Area::Market, async move {
        let facts = load_orders().await?;
        let place = Area::of_list(&facts.asked);
        Ok::<_, AppError>((place, view! { <Orders facts=facts/> }))
    })
}

#[component]
fn Orders(facts: OrdersFacts) -> impl IntoView {
    let OrdersFacts { page, asked } = facts;
    let next = page
        .next
        .map(|cursor| address("/orders", &with(&asked, "cursor", &cursor)));
    let start = asked
        .has("cursor")
        .then(|| address("/orders", &with(&asked, "cursor", "")));
    let list = if page.items.is_empty() {
        view! { <NoOrders asked=asked.clone()/> }.into_any()
    } else {
        view! {
            <Section flush=true>
                <OrderRows orders=page.items/>
            </Section>
            <CursorPages previous=start next=next/>
        }
        .into_any()
    };
    let (states, whose) = (quick_filters(&asked), owner_filters(&asked));
    view! {
        <Title text="Orders"/>
        <PageHeader title="Orders" lead="What was asked for, and how far it is."/>
        <Toolbar>
            <QuickFilters items=states/>
            <QuickFilters items=whose label="Whose orders"/>
        </Toolbar>
        {list}
    }
}

fn quick_filters(asked: &FormFields) -> Vec<NavLink> {
    let link = |value: &str, label: &str| NavLink::filter(label, ("/orders", asked), ("state", value));
    let mut links: Vec<NavLink> = QUICK_FILTERS
        .iter()
        .map(|&(value, label, _)| link(value, label))
        .collect();
    links.insert(1, link(OPEN, "Open"));
    links
}

fn owner_filters(asked: &FormFields) -> Vec<NavLink> {
    let link = |label: &str, value: &str| NavLink::filter(label, ("/orders", asked), ("mine", value));
    vec![link("Everybody's", ""), link("Mine", "true")]
}

/// A table of orders.
#[component]
pub fn OrderRows(orders: Vec<OrderSummary>) -> impl IntoView {
    let columns = vec![
        Column::text("Order"),
        Column::text("State"),
        Column::text("Project"),
        Column::text("Placed"),
        Column::number(MONTH),
    ];
    view! {
        <DataTable caption="Orders" columns=columns>
            {orders.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

/// What the column of costs is.
const MONTH: &str = "Fixed per month, without tax";

fn row(order: OrderSummary) -> impl IntoView {
    let month = full_month(&order);
    let sub = format!(
        "{} · {} · {}",
        order.kind.label(),
        order.offering_name,
        order.plan_name
    );
    view! {
        <Row muted=order.state.is_terminal()>
            <MainCell href=routes::order_to_do(&order) sub=sub>
                {order.resource_name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=appearance::order_tone(order.state) label=order.state.label()/>
            </Cell>
            <Cell label="Project">{order.project_name}</Cell>
            <Cell label="Placed">
                <span>
                    <RelativeTime at=order.created_at/>
                    <span class="small muted">" by " {model::requester_name(order.requested_by)}</span>
                </span>
            </Cell>
            <Cell label=MONTH num=true nowrap=true>
                {month}
            </Cell>
        </Row>
    }
}

#[component]
fn NoOrders(asked: FormFields) -> impl IntoView {
    let filtered = asked
        .0
        .iter()
        .any(|(_, values)| values.iter().any(|value| !value.is_empty()));
    let (title, text, label, href) = if filtered {
        (
            "No such orders",
            "Take a filter away to see more.",
            "Show all orders",
            "/orders",
        )
    } else {
        (
            "No orders yet",
            "What you order in the marketplace is followed here until it is ready.",
            "Browse the marketplace",
            "/marketplace",
        )
    };
    let actions = view! {
        <LinkButton href=href kind=ButtonKind::Primary>
            {label}
        </LinkButton>
    };
    view! {
        <EmptyState illustration=Illustration::Inbox title=title actions=actions.into_any()>
            {text}
        </EmptyState>
    }
}
