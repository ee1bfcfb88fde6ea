use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::ResourceAction;

use super::{on_page::is_waiting, state_in_words, told, tone, withdraw};
use crate::{
    address::encode,
    components::*,
    page::{Area, page_with_area},
    routes,
    server_fns::actions::{ActionHistory, load_action_history},
};

#[component]
pub fn ActionHistoryPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page_with_area(Area::Market, async move {
        let facts = load_action_history(id).await?;
        let place = Area::of_project(facts.resource.summary.project_id);
        Ok((place, whole(facts)))
    })
}

fn whole(facts: ActionHistory) -> impl IntoView {
    let ActionHistory { resource, page } = facts;
    let (id, name) = (resource.summary.id, resource.summary.name.clone());
    let list = crate::pages::resources::breadcrumb(resource.summary.project_id);
    let next = page
        .next
        .map(|cursor| format!("{}?cursor={}", routes::resource_actions(id), encode(&cursor)));
    let waiting = is_waiting(&page.items);
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Inbox title="Nothing was asked for yet">
                "What is done with the resource beside orders stands here for a year, with what came of it."
            </EmptyState>
        }
        .into_any()
    } else {
        table(page.items).into_any()
    };
    view! {
        <Title text=format!("Actions: {name}")/>
        <PageHeader
            title="Actions"
            breadcrumbs=vec![list, Breadcrumb::to(name, routes::resource(id)), Breadcrumb::here("Actions")]
            lead="All that was asked for of this resource, the newest first."
        />
        <PolledRegion id="asked" waiting=waiting>
            <Section flush=true>{rows}</Section>
        </PolledRegion>
        <CursorPages next=next/>
    }
}

fn table(asked: Vec<ResourceAction>) -> impl IntoView {
    let columns = vec![
        Column::text("Action"),
        Column::text("State"),
        Column::text("What came of it"),
        Column::text("When"),
        Column::actions(),
    ];
    let rows = asked.into_iter().map(row).collect_view();
    view! { <DataTable caption="Actions" columns=columns>{rows}</DataTable> }
}

fn row(one: ResourceAction) -> impl IntoView {
    let (label, tone) = (state_in_words(&one), tone(one.state));
    let (back, at) = (withdraw(&one, "history"), one.asked_at);
    let title = one.title.clone();
    let sub = format!("by {}", one.asked_by);
    view! {
        <Row muted=one.state.is_terminal()>
            <MainCell sub=sub>{title}</MainCell>
            <Cell label="State" nowrap=true><StateBadge tone=tone label=label/></Cell>
            <Cell label="What came of it"><div>{told(one)}</div></Cell>
            <Cell label="When" nowrap=true><RelativeTime at=at/></Cell>
            <ActionsCell>{back}</ActionsCell>
        </Row>
    }
}
