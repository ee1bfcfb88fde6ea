use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::ResourceAction;

use super::provider_id;
use crate::{
    address::{address, with},
    components::*,
    form::FormFields,
    page::{Area, page},
    pages::resources::actions::{told, tone},
    reply::FormReply,
    routes,
    server_fns::{
        actions::{ByHand, load_provider_action, load_provider_actions},
        provider::ProviderRows,
    },
};

/// Quick filters: the value in the address and the words.
const QUICK_FILTERS: [(&str, &str); 3] = [("", "Waiting for you"), ("over", "Over"), ("all", "All")];

#[component]
pub fn ProviderTasksPage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        let rows = load_provider_actions(id.clone()).await?;
        Ok(view! { <Tasks provider=id rows=rows/> })
    })
}

#[component]
fn Tasks(provider: String, rows: ProviderRows<ResourceAction>) -> impl IntoView {
    let ProviderRows { page, filters } = rows;
    let base = routes::provider_part(&provider, "tasks");
    let next = page
        .next
        .map(|cursor| address(&base, &with(&filters, "cursor", &cursor)));
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Inbox title="No tasks here">
                "What buyers ask for of resources that you deliver by hand appears here, the newest first. You define what they can ask for in the offering."
            </EmptyState>
        }
        .into_any()
    } else {
        table(&provider, page.items).into_any()
    };
    view! {
        <Title text="Tasks"/>
        <PageHeader title="Tasks" lead="What buyers asked for of their resources, for your people to do."/>
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

fn table(provider: &str, rows: Vec<ResourceAction>) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("Task"),
        Column::text("State"),
        Column::text("Asked by"),
        Column::text("When"),
    ];
    let rows: Vec<_> = rows.into_iter().map(|one| row(provider, one)).collect();
    view! { <DataTable caption="Tasks" columns=columns>{rows}</DataTable> }
}

fn row(provider: &str, one: ResourceAction) -> impl IntoView + use<> {
    let href = routes::provider_action(provider, one.id);
    view! {
        <Row muted=one.state.is_terminal()>
            <MainCell href=href sub=one.resource_name.clone()>{one.title.clone()}</MainCell>
            <Cell label="State"><StateBadge tone=tone(one.state) label=one.state.label()/></Cell>
            <Cell label="Asked by">{one.asked_by}</Cell>
            <Cell label="When" nowrap=true><RelativeTime at=one.asked_at/></Cell>
        </Row>
    }
}

#[component]
pub fn ProviderTaskPage() -> impl IntoView {
    let provider = provider_id();
    let asked = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page(Area::Provider(provider.clone()), async move {
        let facts = load_provider_action(provider.clone(), asked).await?;
        Ok(view! { <Task provider=provider facts=facts/> })
    })
}

#[component]
fn Task(provider: String, facts: ByHand) -> impl IntoView {
    let ByHand {
        action,
        resource,
        reply,
    } = facts;
    let summary = resource.summary;
    let (title, state) = (action.title.clone(), action.state);
    let ids = vec![
        ("provider".to_owned(), provider.clone()),
        ("asked".to_owned(), action.id.to_string()),
    ];
    let answer = action.can_finish.then(|| view! { <Answer ids=ids reply=reply/> });
    let lead = format!("{} · {}", summary.name, summary.offering_name);
    let known_as = (!resource.backend_id.is_empty())
        .then(|| view! { <KeyValue label="Your name for it">{resource.backend_id}</KeyValue> });
    let asked_by = action.asked_by.clone();
    let facts = view! {
        <KeyValue label="Asked by">{asked_by}</KeyValue>
        <KeyValue label="Asked"><DateText at=action.asked_at time=true/></KeyValue>
        <KeyValue label="Buyer">{summary.organization_name}</KeyValue>
        <KeyValue label="Project">{summary.project_name}</KeyValue>
        {known_as}
    };
    view! {
        <Title text=format!("Task: {title}")/>
        <PageHeader
            title=title.clone()
            breadcrumbs=vec![
                Breadcrumb::to("Tasks", routes::provider_part(&provider, "tasks")),
                Breadcrumb::here(title),
            ]
            lead=lead
            state=view! { <StateBadge tone=tone(state) label=state.label()/> }.into_any()
            actions=view! { <LinkButton href=routes::resource(summary.id)>"The resource"</LinkButton> }.into_any()
        />
        <Section title="What was asked for">
            <KeyValues columns=true>{facts}</KeyValues>
            {told(action)}
        </Section>
        {answer}
    }
}

#[component]
fn Answer(ids: Vec<(String, String)>, reply: FormReply) -> impl IntoView {
    let (errors, open) = (reply.errors(), reply.error("reason").is_some());
    let (others, refusal) = (ids.clone(), reply.clone());
    view! {
        <Section title="Do it" lead="Do what was asked for, then say so here. Whoever asked for it is told.">
            <ErrorSummary errors=errors title="That was not stored."/>
            <Form action="/fn/finish_action" label="Done">
                <HiddenFields fields=ids/>
                <TextArea
                    name="output"
                    label="What it gives back"
                    rows=3
                    value=reply.value_or("output", "")
                    help="One on each line, as \u{201c}Address: 192.0.2.7\u{201d}. Everybody who sees the resource sees it."
                    error=reply.error("output")
                />
                <TextArea
                    name="note"
                    label="Note"
                    rows=2
                    value=reply.value_or("note", "")
                    error=reply.error("note")
                    maxlength=u32::from(model::REASON_LENGTH)
                />
                <FormActions>
                    <SubmitButton icon=Icon::Check attr:data-test="finish-action">"It is done"</SubmitButton>
                </FormActions>
            </Form>
            <Disclosure summary="It cannot be done" open=open>
                <Form action="/fn/refuse_action" label="It cannot be done">
                    <HiddenFields fields=others/>
                    <TextArea
                        name="reason"
                        label="Why"
                        rows=2
                        value=refusal.value_or("reason", "")
                        help="Whoever asked reads it."
                        error=refusal.error("reason")
                        maxlength=u32::from(model::REASON_LENGTH)
                        required=true
                    />
                    <FormActions>
                        <SubmitButton kind=ButtonKind::Danger attr:data-test="refuse-action">"Tell them"</SubmitButton>
                    </FormActions>
                </Form>
            </Disclosure>
        </Section>
    }
}
