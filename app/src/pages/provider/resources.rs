use leptos::prelude::*;
use leptos_meta::Title;
use model::{ResourceState, ResourceSummary};

use super::provider_id;
use crate::{
    address::{address, with},
    appearance,
    components::*,
    page::{Area, page},
    routes,
    server_fns::provider::{ProviderRows, load_provider_resources},
};

#[component]
pub fn ProviderResourcesPage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        let rows = load_provider_resources(id.clone()).await?;
        Ok(view! { <Sold provider=id rows=rows/> })
    })
}

#[component]
fn Sold(provider: String, rows: ProviderRows<ResourceSummary>) -> impl IntoView {
    let ProviderRows { page, filters } = rows;
    let base = routes::provider_part(&provider, "resources");
    let next = page
        .next
        .map(|cursor| address(&base, &with(&filters, "cursor", &cursor)));
    let choices: Vec<_> = ResourceState::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.label()))
        .collect();
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Server title="Nothing here">
                "What buyers ordered of you and what was carried out stands here, for as long as it lives and after."
            </EmptyState>
        }
        .into_any()
    } else {
        table(&provider, page.items).into_any()
    };
    view! {
        <Title text="Resources"/>
        <PageHeader title="Resources" lead="What you sold, to whom, and whether it runs."/>
        <FilterForm action=base>
            <TextField name="q" label="Name" kind="search" value=filters.text("q")/>
            <Select name="state" label="State" value=filters.text("state") choices=choices placeholder="Any" width=FieldWidth::Short/>
        </FilterForm>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

fn table(provider: &str, rows: Vec<ResourceSummary>) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("Resource"),
        Column::text("State"),
        Column::text("Buyer"),
        Column::text("Since").hide_phone(),
        Column::actions(),
    ];
    let rows: Vec<_> = rows.into_iter().map(|one| row(provider, one)).collect();
    view! {
        <DataTable caption="Resources" columns=columns>
            {rows}
        </DataTable>
    }
}

fn row(provider: &str, one: ResourceSummary) -> impl IntoView + use<> {
    let usage = format!("{}?resource={}", routes::provider_part(provider, "usage"), one.id);
    let (actions, sub) = (
        format!("Actions for {}", one.name),
        format!("{} · {}", one.offering_name, one.plan_name),
    );
    view! {
        <Row muted=one.state == ResourceState::Terminated>
            <MainCell href=routes::resource(one.id) sub=sub>
                {one.name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=appearance::resource_tone(one.state) label=one.state.label()/>
            </Cell>
            <Cell label="Buyer">
                <div>
                    {one.organization_name}
                    <br/>
                    <span class="muted small">{one.project_name}</span>
                </div>
            </Cell>
            <Cell label="Since" hide_phone=true>
                <DateText at=one.created_at/>
            </Cell>
            <ActionsCell>
                <Menu label=actions icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
                    <MenuLink href=usage>"Report usage"</MenuLink>
                </Menu>
            </ActionsCell>
        </Row>
    }
}
