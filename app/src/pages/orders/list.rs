use leptos::prelude::*;
use leptos_meta::Title;
use model::{OrderState, OrderSummary};

use crate::{
    address::{address, with},
    components::*,
    error::AppError,
    form::FormFields,
    looks,
    page::{Place, page},
    routes,
    server_fns::ordering::{OrdersFacts, load_orders},
};

/// The quick filters: value in the address, words, states.
const GROUPS: [(&str, &str, &[OrderState]); 5] = [
    ("", "All", &[]),
    (
        "waiting",
        "Waiting",
        &[
            OrderState::PendingConsumer,
            OrderState::PendingProvider,
            OrderState::PendingStart,
        ],
    ),
    ("running", "In progress", &[OrderState::Executing]),
    ("failed", "Failed", &[OrderState::Erred]),
    (
        "over",
        "Over",
        &[
            OrderState::Done,
            OrderState::Rejected,
            OrderState::Canceled,
            OrderState::Expired,
        ],
    ),
];

/// The states that a quick filter stands for, or the one that is named; none means any.
pub fn states_of(name: &str) -> Vec<OrderState> {
    let group = GROUPS.iter().find(|(value, ..)| *value == name);
    group.map_or_else(
        || OrderState::parse(name).into_iter().collect(),
        |(_, _, states)| states.to_vec(),
    )
}

#[component]
pub fn OrdersPage() -> impl IntoView {
    page(Place::Market, async move {
        let facts = load_orders().await?;
        Ok::<_, AppError>(view! { <Orders facts=facts/> })
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
    let (states, whose) = (quick_filters(&asked), whose(&asked));
    view! {
        <Title text="Orders"/>
        <PageHead title="Orders" lead="What was asked for, and how far it is."/>
        <Toolbar>
            <QuickFilters items=states/>
            <QuickFilters items=whose label="Whose orders"/>
        </Toolbar>
        {list}
    }
}

fn quick_filters(asked: &FormFields) -> Vec<NavLink> {
    let link = |(value, label, _): &(&str, &str, &[OrderState])| {
        NavLink::to(*label, address("/orders", &with(asked, "state", value)))
            .current(asked.text("state") == *value)
    };
    GROUPS.iter().map(link).collect()
}

fn whose(asked: &FormFields) -> Vec<NavLink> {
    let link = |label: &str, value: &str| {
        NavLink::to(label, address("/orders", &with(asked, "mine", value)))
            .current(asked.text("mine") == value)
    };
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
        Column::number("Per month"),
    ];
    view! {
        <DataTable caption="Orders" columns=columns>
            {orders.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(order: OrderSummary) -> impl IntoView {
    let sub = format!(
        "{} · {} · {}",
        order.kind.label(),
        order.offering_name,
        order.plan_name
    );
    view! {
        <Row muted=order.state.is_terminal()>
            <MainCell href=routes::order(order.id) sub=sub>
                {order.resource_name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=looks::order_tone(order.state) label=order.state.label()/>
            </Cell>
            <Cell label="Project">{order.project_name}</Cell>
            <Cell label="Placed">
                <span>
                    <RelativeTime at=order.created_at/>
                    <span class="small muted">" by " {order.requested_by}</span>
                </span>
            </Cell>
            <Cell label="Per month" num=true nowrap=true>
                {money_text(order.monthly_cost)}
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
        <EmptyState art=EmptyArt::Inbox title=title actions=actions.into_any()>
            {text}
        </EmptyState>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_in_one_quick_filter() {
        for state in OrderState::ALL {
            let groups = GROUPS
                .iter()
                .filter(|(_, _, states)| states.contains(state))
                .count();
            assert_eq!(groups, 1, "{state}");
        }
        assert_eq!(states_of("erred"), [OrderState::Erred]);
        assert!(states_of("nonsense").is_empty());
    }
}
