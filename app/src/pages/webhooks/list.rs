use leptos::prelude::*;
use leptos_meta::Title;
use model::Webhook;

use super::{WebhookFields, list_of, state, told_of};
use crate::{
    components::*,
    page::page,
    pages::place::Place,
    reply::FormReply,
    server_fns::webhooks::{Webhooks, load_webhooks},
};

#[component]
pub fn AdminWebhooksPage() -> impl IntoView {
    of(Place::system())
}

#[component]
pub fn OrganizationWebhooksPage() -> impl IntoView {
    of(Place::of("organization", "id"))
}

#[component]
pub fn ProjectWebhooksPage() -> impl IntoView {
    of(Place::of("project", "id"))
}

#[component]
pub fn ProviderWebhooksPage() -> impl IntoView {
    of(Place::of("provider", "org"))
}

fn of(place: Place) -> impl IntoView {
    page(place.area(), async move {
        let facts = load_webhooks(place.kind.to_owned(), place.id.clone()).await?;
        Ok(whole(&place, facts))
    })
}

fn whole(place: &Place, facts: Webhooks) -> impl IntoView + use<> {
    let list = if facts.webhooks.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Inbox title="No webhooks yet" compact=true>
                "A webhook tells another program of what happens here, when it happens."
            </EmptyState>
        }
        .into_any()
    } else {
        table(place, facts.webhooks).into_any()
    };
    let (told_of, place) = (told_of(place), place.clone());
    let api = view! { <LinkButton href="/api" icon=Icon::Code>"API reference"</LinkButton> }.into_any();
    view! {
        <Title text="Webhooks"/>
        <PageHeader
            title="Webhooks"
            lead="Addresses of programs that are told of what happens. Messages are signed as the Standard Webhooks specification says."
            actions=api
        />
        <Section title="Webhooks" flush=true>
            {list}
        </Section>
        <Section title="New webhook" lead=told_of>
            <NewWebhook place=place reply=facts.reply/>
        </Section>
    }
}

fn table(place: &Place, webhooks: Vec<Webhook>) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("Webhook"),
        Column::text("Told of"),
        Column::text("State"),
    ];
    let rows = webhooks.into_iter().map(|one| row(place, one)).collect_view();
    view! {
        <DataTable caption="Webhooks" columns=columns>
            {rows}
        </DataTable>
    }
}

fn row(place: &Place, one: Webhook) -> impl IntoView + use<> {
    let told = match one.kinds.as_slice() {
        [] => "All kinds of events".to_owned(),
        [kind] => kind.as_str().to_owned(),
        kinds => format!("{} kinds of events", kinds.len()),
    };
    let state = state(&one);
    let href = format!("{}/{}", list_of(place), one.id);
    view! {
        <Row>
            <MainCell href=href sub=one.description>
                <span class="address">{one.url}</span>
            </MainCell>
            <Cell label="Told of">{told}</Cell>
            <Cell label="State">{state}</Cell>
        </Row>
    }
}

#[component]
fn NewWebhook(place: Place, reply: FormReply) -> impl IntoView {
    view! {
        <Form action="/fn/create_webhook" label="New webhook">
            <ErrorSummary errors=reply.errors() title="The webhook was not made."/>
            <HiddenFields fields=place.fields()/>
            <WebhookFields reply=reply/>
            <FormActions>
                <SubmitButton busy="Making…" attr:data-test="create-webhook">
                    "Make webhook"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
