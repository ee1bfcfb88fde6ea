//! The API, to read and to try: groups of endpoints with what they take, what they answer and a call to copy.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api_reference::{Answer, Endpoint, Group, Parameter, Reference, Refusal},
    components::*,
    page::{Area, page},
    routes,
    server_fns::api_reference::load_api_reference,
};

#[component]
pub fn ApiPage() -> impl IntoView {
    page(Area::Market, async { Ok(whole(load_api_reference().await?)) })
}

fn whole(reference: Reference) -> impl IntoView {
    let Reference {
        about,
        common,
        groups,
    } = reference;
    let common = refusals(common, "What every kind of request can be refused with");
    let links = groups
        .iter()
        .map(|group| NavLink::to(group.name.clone(), format!("#{}", anchor(&group.name))))
        .collect();
    let actions = view! {
        <LinkButton href=routes::tokens() kind=ButtonKind::Primary icon=Icon::Key>
            "Get a token"
        </LinkButton>
        <LinkButton href="/api/v1/openapi.json" icon=Icon::Download>
            "OpenAPI description"
        </LinkButton>
    };
    let groups = groups.into_iter().map(group).collect_view();
    view! {
        <Title text="API"/>
        <PageHeader title="API" actions=actions.into_any()/>
        <Markdown html=about/>
        {common}
        <QuickFilters items=links label="Groups of endpoints"/>
        {groups}
    }
}

fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn group(group: Group) -> impl IntoView {
    let endpoints = group.endpoints.into_iter().map(endpoint).collect_view();
    view! {
        <Section title=group.name.clone() id=anchor(&group.name)>
            {endpoints}
        </Section>
    }
}

/// Method, path and summary; the rest unfolds.
fn endpoint(one: Endpoint) -> impl IntoView {
    let tone = match one.method.as_str() {
        "GET" => Tone::Info,
        "DELETE" => Tone::Bad,
        _ => Tone::Good,
    };
    let more = (!one.description.is_empty()).then(|| view! { <Markdown html=one.description/> });
    let body = one.body.map(|body| view! { <CodeBlock code=body label="Body"/> });
    let unfold = format!("How to use {}", one.path);
    let parameters = parameters(one.parameters);
    let answers = one.answers.into_iter().map(answer).collect_view();
    let refusals = refusals(one.refusals, "Refusals");
    let details = view! {
        {more}
        {parameters}
        {body}
        <CodeBlock code=one.call label="Try it in a shell"/>
        {answers}
        {refusals}
    };
    view! {
        <div id=one.id class="stack-sm">
            <div class="cluster">
                <Badge tone=tone>{one.method}</Badge>
                <code class="mono break-all">{one.path}</code>
            </div>
            <p>{one.summary}</p>
            <Disclosure summary=unfold>{details}</Disclosure>
        </div>
    }
}

fn parameters(parameters: Vec<Parameter>) -> impl IntoView {
    if parameters.is_empty() {
        return None;
    }
    let columns = vec![
        Column::text("Parameter"),
        Column::text("In"),
        Column::text("Type"),
        Column::text("Meaning"),
    ];
    let rows = parameters.into_iter().map(parameter).collect_view();
    Some(view! {
        <DataTable caption="Parameters" columns=columns>
            {rows}
        </DataTable>
    })
}

fn parameter(one: Parameter) -> impl IntoView {
    let needed = one.required.then_some(" (required)");
    view! {
        <Row>
            <Cell main=true>
                <code class="mono">{one.name}</code>
                {needed}
            </Cell>
            <Cell label="In">{one.place}</Cell>
            <Cell label="Type">{one.kind}</Cell>
            <Cell label="Meaning">{one.description}</Cell>
        </Row>
    }
}

fn answer(one: Answer) -> impl IntoView {
    let label = format!("{} {}", one.status, one.description);
    match one.body {
        Some(body) => {
            view! { <CodeBlock code=body label=format!("Answer {}", label.trim()) copy=false/> }.into_any()
        }
        None => view! { <p class="small muted">{label}</p> }.into_any(),
    }
}

fn refusals(refusals: Vec<Refusal>, caption: &'static str) -> impl IntoView {
    if refusals.is_empty() {
        return None;
    }
    let columns = vec![Column::text("Status"), Column::text("Code"), Column::text("When")];
    let rows = refusals.into_iter().map(refusal).collect_view();
    Some(view! {
        <DataTable caption=caption columns=columns>
            {rows}
        </DataTable>
    })
}

fn refusal(one: Refusal) -> impl IntoView {
    view! {
        <Row>
            <Cell label="Status">{one.status}</Cell>
            <Cell main=true>
                <code class="mono break-all">{one.code}</code>
            </Cell>
            <Cell label="When">{one.when}</Cell>
        </Row>
    }
}
