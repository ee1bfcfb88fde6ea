//! What concerns the person who is signed in.

use leptos::prelude::*;
use model::{EndingSoon, Money as Amount, OrderSummary, ProjectSpend, ResourceSummary};

use crate::{
    appearance,
    components::*,
    pages::{
        orders::OrderRows,
        resources::lifetime::{Ending as End, distance},
        structure::by_project,
    },
    routes,
    server_fns::dashboard::Dashboard,
};

#[component]
pub(super) fn DashboardView(mine: Dashboard) -> impl IntoView {
    let first = mine.name.split_whitespace().next().unwrap_or_default().to_owned();
    view! {
        <PageHeader title=format!("Hello, {first}")/>
        <SearchField label="Search offerings" placeholder="What do you need?" action="/marketplace"/>
        {without_role(mine.has_role)}
        {without_project()}
        <Figures mine=mine.clone()/>
        <Waiting orders=mine.waiting count=mine.waiting_count/>
        <Ending ending=mine.ending/>
        <OpenOrders orders=mine.open_orders/>
        {costs(mine.month_cost.projects)}
        <Resources resources=mine.resources/>
    }
}

/// More projects than these stand on the pages of their organizations.
const PROJECTS: usize = 10;

/// What the costs of this month are made of.
fn costs(mut projects: Vec<ProjectSpend>) -> impl IntoView {
    let lead = (projects.len() > PROJECTS).then_some("The ten that cost most.");
    projects.truncate(PROJECTS);
    by_project(projects, lead)
}

/// Said where nothing of what follows can hold anything: lists that are empty, or not shown, would not say why.
fn without_role(has_role: bool) -> impl IntoView {
    (!has_role).then(|| {
        view! {
            <Banner tone=Tone::Waiting title="You belong to no organization">
                <span data-test="no-role">
                    "Nobody has given you a role yet, or the last day of your role is over. Ask an owner of your organization for one: it lets you order, and see what is ordered and used there."
                </span>
            </Banner>
        }
    })
}

/// Said to who sees no project and may create one: what is ordered is ordered for a project.
fn without_project() -> Option<AnyView> {
    let places = ProjectPlaces::of_reader();
    if places.has_project || places.organizations.is_empty() {
        return None;
    }
    let links = view! { <NewProjectLinks places=places/> }.into_any();
    Some(
        view! {
            <Banner tone=Tone::Info title="There is no project yet" actions=links>
                "What is ordered is ordered for a project. Create one, and add the people who are to work in it."
            </Banner>
        }
        .into_any(),
    )
}

/// The list of what the person ordered.
const MY_ORDERS: &str = "/orders?mine=true";
/// The same, of what is not over.
const MY_OPEN_ORDERS: &str = "/orders?mine=true&state=open";

#[component]
fn Figures(mine: Dashboard) -> impl IntoView {
    let failed = mine
        .resources
        .iter()
        .filter(|one| one.state == model::ResourceState::Erred)
        .count();
    let note = (failed > 0).then(|| format!("{failed} of your newest resources failed"));
    // Whose role does not include orders is told no figure of them: a nought would say that there are none.
    let orders = can_open(MY_ORDERS).then(|| {
        view! {
            <Stat label="Your open orders" href=MY_OPEN_ORDERS note=note>
                {capped_count(mine.open_orders.len())}
            </Stat>
        }
    });
    // Who only sells buys nothing that could be summed.
    let costs = (!mine.month_cost.totals.is_empty()).then(|| {
        view! {
            <Stat label="Costs this month" note=format_as_of("so far, without tax", mine.month_cost.as_of) href="#costs">
                {cost(&mine.month_cost.totals)}
            </Stat>
        }
    });
    view! {
        <StatGrid>
            <Stat label="Waiting for you" href="/approvals">
                {mine.waiting_count.to_string()}
            </Stat>
            {orders}
            {costs}
        </StatGrid>
    }
}

/// The start page asks for five; more are counted on the list itself.
fn capped_count(count: usize) -> String {
    if count >= 5 {
        "5 or more".to_owned()
    } else {
        count.to_string()
    }
}

fn cost(sums: &[Amount]) -> String {
    let texts: Vec<String> = sums
        .iter()
        .map(|sum| format_money(sum.amount, sum.currency.code()))
        .collect();
    texts.join(" + ")
}

#[component]
fn Waiting(orders: Vec<OrderSummary>, count: u64) -> impl IntoView {
    (!orders.is_empty()).then(|| {
        let all = view! { <a class="small" href="/approvals">{format!("All {count}")}</a> };
        view! {
            <Section title="Waits for you" flush=true actions=all.into_any()>
                <OrderRows orders=orders/>
            </Section>
        }
    })
}

/// More of these than fit one look stand on their own pages.
const ENDINGS: usize = 10;

#[component]
fn Ending(ending: Vec<EndingSoon>) -> impl IntoView {
    (!ending.is_empty()).then(|| {
        let columns = vec![Column::text("What ends"), Column::text("When"), Column::actions()];
        let rows = ending.into_iter().take(ENDINGS).map(ends).collect_view();
        view! {
            <Section title="Waits for you: ends soon" flush=true>
                <DataTable caption="Ends soon" columns=columns>
                    {rows}
                </DataTable>
            </Section>
        }
    })
}

fn ends(one: EndingSoon) -> impl IntoView {
    let (href, extend) = match one.resource_id {
        Some(id) => (routes::resource(id), routes::resource_extend(id)),
        None => (
            routes::project(one.project_id),
            routes::project_part(one.project_id, "settings"),
        ),
    };
    let text = End::from(&one).what_happens();
    let label = one.extension.label();
    let extend = one
        .can_extend
        .then(|| view! { <LinkButton href=extend attr:data-test="extend-soon">{label}</LinkButton> });
    view! {
        <Row>
            <MainCell href=href sub=text>
                {format!("{} {}", one.kind.label(), one.name)}
            </MainCell>
            <Cell label="When">{distance(one.days_left)}</Cell>
            <Cell label="">
                {extend}
            </Cell>
        </Row>
    }
}

#[component]
fn OpenOrders(orders: Vec<OrderSummary>) -> impl IntoView {
    (!orders.is_empty()).then(|| {
        let all = view! { <a class="small" href=MY_ORDERS>"All your orders"</a> };
        view! {
            <Section title="Your open orders" flush=true actions=all.into_any()>
                <OrderRows orders=orders/>
            </Section>
        }
    })
}

#[component]
fn Resources(resources: Vec<ResourceSummary>) -> impl IntoView {
    if !can_open("/resources") {
        return ().into_any();
    }
    if resources.is_empty() {
        let actions = view! {
            <LinkButton href="/marketplace" kind=ButtonKind::Primary>
                "Browse the marketplace"
            </LinkButton>
        };
        return view! {
            <Section title="Resources">
                <EmptyState illustration=Illustration::Server title="Nothing runs yet" actions=actions.into_any()>
                    "What you order stands here once it is set up, with how to reach it and what it costs."
                </EmptyState>
            </Section>
        }
        .into_any();
    }
    let all = view! { <a class="small" href="/resources">"All resources"</a> };
    let columns = vec![
        Column::text("Resource"),
        Column::text("State"),
        Column::text("Project"),
    ];
    view! {
        <Section title="Resources" flush=true actions=all.into_any()>
            <DataTable caption="Newest resources" columns=columns>
                {resources.into_iter().map(row).collect_view()}
            </DataTable>
        </Section>
    }
    .into_any()
}

fn row(resource: ResourceSummary) -> impl IntoView {
    view! {
        <Row muted=resource.state.is_terminal()>
            <MainCell href=routes::resource(resource.id) sub=resource.offering_name>
                {resource.name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=appearance::resource_tone(resource.state) label=resource.state.label()/>
            </Cell>
            <Cell label="Project">{resource.project_name}</Cell>
        </Row>
    }
}
