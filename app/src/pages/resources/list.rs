use leptos::prelude::*;
use leptos_meta::Title;
use model::{ResourceState, ResourceSummary};

use super::tone;
use crate::{
    address::{address, for_project, with},
    components::*,
    page::{Area, page_with_area},
    routes,
    server_fns::resources::{ResourceList, load_resources},
};

#[component]
pub fn ResourcesPage() -> impl IntoView {
    page_with_area(Area::Market, async {
        let list = load_resources().await?;
        let place = Area::of_list(&list.filters);
        Ok((place, resources(list, "/resources")))
    })
}

/// A list of resources, at whatever address it stands.
pub(crate) fn resources(list: ResourceList, at: &'static str) -> impl IntoView {
    let ResourceList { page, filters } = list;
    let next = page
        .next
        .map(|cursor| address(at, &with(&filters, "cursor", &cursor)));
    let market = for_project("/marketplace".to_owned(), filters.text("project"));
    let filtered = !(filters.text("q").is_empty() && filters.text("state").is_empty());
    let rows = if page.items.is_empty() {
        empty(filtered, market.clone()).into_any()
    } else {
        table(page.items).into_any()
    };
    let choices: Vec<_> = ResourceState::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.label()))
        .collect();
    let kept =
        ["project", "organization", "provider"].map(|name| (name.to_owned(), filters.text(name).to_owned()));
    view! {
        <Title text="Resources"/>
        <PageHeader
            title="Resources"
            lead="What you ordered and use: machines, computing time, storage, services."
            actions=view! { <LinkButton href=market.clone() kind=ButtonKind::Primary icon=Icon::Plus>"Order"</LinkButton> }.into_any()
        />
        <FilterForm action=at>
            <HiddenFields fields=kept.into_iter().filter(|(_, value)| !value.is_empty()).collect()/>
            <TextField name="q" label="Name" kind="search" value=filters.text("q")/>
            <Select name="state" label="State" value=filters.text("state") choices=choices placeholder="Any"/>
        </FilterForm>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

fn empty(filtered: bool, market: String) -> impl IntoView {
    if filtered {
        return view! {
            <EmptyState illustration=Illustration::Search title="Nothing fits">"Try fewer words or another state."</EmptyState>
        }
        .into_any();
    }
    let actions =
        view! { <LinkButton href=market kind=ButtonKind::Primary>"Browse the marketplace"</LinkButton> };
    view! {
        <EmptyState illustration=Illustration::Server title="No resources yet" actions=actions.into_any()>
            "A resource is what you get when an order is carried out. Find something in the marketplace and order it."
        </EmptyState>
    }
    .into_any()
}

fn table(rows: Vec<ResourceSummary>) -> impl IntoView {
    let columns = vec![
        Column::text("Name"),
        Column::text("State"),
        Column::text("Offering"),
        Column::text("Project"),
        Column::text("Since").hide_phone(),
    ];
    view! {
        <DataTable caption="Resources" columns=columns>
            {rows.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(one: ResourceSummary) -> impl IntoView {
    view! {
        <Row>
            <MainCell href=routes::resource(one.id) sub=one.plan_name>{one.name}</MainCell>
            <Cell label="State"><StateBadge tone=tone(one.state) label=one.state.label()/></Cell>
            <Cell label="Offering">{one.offering_name}</Cell>
            <Cell label="Project">{one.project_name}</Cell>
            <Cell label="Since"><DateText at=one.created_at/></Cell>
        </Row>
    }
}
