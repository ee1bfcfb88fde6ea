use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{Webhook, WebhookState};

use super::{WebhookFields, deliveries::Deliveries, list_of, state, told_of};
use crate::{
    components::*,
    form::FormFields,
    page::page,
    pages::place::Place,
    reply::FormReply,
    server_fns::webhooks::{WebhookFacts, load_webhook},
};

#[component]
pub fn AdminWebhookPage() -> impl IntoView {
    of(Place::system())
}

#[component]
pub fn OrganizationWebhookPage() -> impl IntoView {
    of(Place::of("organization", "id"))
}

#[component]
pub fn ProjectWebhookPage() -> impl IntoView {
    of(Place::of("project", "id"))
}

#[component]
pub fn ProviderWebhookPage() -> impl IntoView {
    of(Place::of("provider", "org"))
}

fn of(place: Place) -> impl IntoView {
    let webhook = use_params_map().with_untracked(|params| params.get("webhook").unwrap_or_default());
    page(place.area(), async move {
        let facts = load_webhook(place.kind.to_owned(), place.id.clone(), webhook).await?;
        Ok(whole(&place, facts))
    })
}

fn whole(place: &Place, facts: WebhookFacts) -> impl IntoView + use<> {
    let WebhookFacts {
        webhook,
        deliveries,
        secret,
        reply,
        stored,
        rotation,
    } = facts;
    let badge = state(&webhook).into_any();
    let trouble = trouble(&webhook);
    let (lead, list, told_of) = (webhook.url.clone(), list_of(place), told_of(place));
    let buttons = buttons(place, &webhook).into_any();
    let (at, of) = (|| place.clone(), || webhook.clone());
    let told = view! { <Deliveries place=at() webhook=of() page=deliveries/> };
    let settings = view! { <ChangeForm place=at() webhook=of() stored=stored reply=reply/> };
    let signing = view! { <SecretForms place=at() webhook=of() reply=rotation/> };
    let secret = secret.map(|secret| {
        view! {
            <Banner tone=Tone::Good title="The secret of this webhook">
                <p>"The receiver checks by it that a message is from here. Keep it like a password."</p>
                <div data-test="webhook-secret">
                    <CodeBlock code=secret label="Secret"/>
                </div>
            </Banner>
        }
    });
    view! {
        <Title text="Webhook"/>
        <PageHeader
            title="Webhook"
            breadcrumbs=vec![Breadcrumb::to("Webhooks", list), Breadcrumb::here("Webhook")]
            lead=lead
            state=badge
            actions=buttons
        />
        {trouble}
        {secret}
        <Section title="What it was told" lead="Of the last 30 days, the newest first." flush=true>
            {told}
        </Section>
        <Section title="Settings" lead=told_of>
            {settings}
        </Section>
        <Section title="Secret">
            {signing}
        </Section>
    }
}

/// What keeps it from being told, and what to do.
fn trouble(webhook: &Webhook) -> Option<impl IntoView + use<>> {
    let since = webhook.failing_since?;
    let (tone, title) = if webhook.state == WebhookState::Stopped {
        (Tone::Bad, "It could not be told for so long that it was stopped")
    } else {
        (Tone::Waiting, "The last message could not be delivered")
    };
    let next = webhook.next_try_at.map(|at| {
        view! {
            " It is tried again "
            <RelativeTime at=at/>
            "."
        }
    });
    let resume = (webhook.state == WebhookState::Stopped).then_some(
        " When the receiver is well again, press “Go on”: what happened meanwhile is told then, in order.",
    );
    let error = webhook.last_error.clone();
    Some(view! {
        <Banner tone=tone title=title>
            <p>
                {error}
                " It began "
                <RelativeTime at=since/>
                "."
                {next}
                {resume}
            </p>
        </Banner>
    })
}

fn buttons(place: &Place, webhook: &Webhook) -> impl IntoView + use<> {
    let fields = place.fields_of("webhook", webhook.id);
    let (action, label, test) = if webhook.state == WebhookState::Enabled {
        ("/fn/pause_webhook", "Pause", "pause-webhook")
    } else {
        ("/fn/resume_webhook", "Go on", "resume-webhook")
    };
    view! {
        <form method="post" action=action data-post="">
            <HiddenFields fields=fields.clone()/>
            <SubmitButton kind=ButtonKind::Secondary attr:data-test=test>
                {label}
            </SubmitButton>
        </form>
        <DialogButton for_id="remove-webhook" kind=ButtonKind::Secondary attr:data-test="remove-webhook">
            "Remove"
        </DialogButton>
        <ConfirmDialog id="remove-webhook" title="Remove this webhook?" action="/fn/remove_webhook" confirm="Remove" danger=true fields=fields>
            "It is told of nothing any more, and the log of what it was told goes with it."
        </ConfirmDialog>
    }
}

#[component]
fn ChangeForm(place: Place, webhook: Webhook, stored: FormFields, reply: FormReply) -> impl IntoView {
    let fields = place.fields_of("webhook", webhook.id);
    view! {
        <Form action="/fn/change_webhook" label="Settings">
            <ErrorSummary errors=reply.errors() title="The webhook was not changed."/>
            <Conflict stored=stored reply=reply.clone()/>
            <HiddenFields fields=fields/>
            <HiddenField name="revision" value=webhook.revision.to_string()/>
            <WebhookFields reply=reply/>
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="change-webhook">
                    "Save"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}

#[component]
fn SecretForms(place: Place, webhook: Webhook, reply: FormReply) -> impl IntoView {
    let fields = place.fields_of("webhook", webhook.id);
    let both = webhook.previous_secret_until.map(|until| {
        view! {
            <p class="small muted">
                "Messages are signed with the secret before as well until "
                <DateText at=until/>
                "."
            </p>
        }
    });
    view! {
        {both}
        <form method="post" action="/fn/show_webhook_secret" data-post="">
            <HiddenFields fields=fields.clone()/>
            <SubmitButton kind=ButtonKind::Secondary attr:data-test="show-webhook-secret">
                "Show the secret"
            </SubmitButton>
        </form>
        <Form action="/fn/rotate_webhook_secret" label="New secret">
            <ErrorSummary errors=reply.errors() title="The secret was not changed."/>
            <HiddenFields fields=fields/>
            <NumberField
                name="overlap_hours"
                label="The present secret signs as well for"
                unit="hours"
                value=reply.value_or("overlap_hours", "24")
                min="0"
                max="168"
                help="Until then the receiver can take either. 0: where the present one is known to somebody who should not know it."
                error=reply.error("overlap_hours")
                required=true
            />
            <FormActions>
                <SubmitButton kind=ButtonKind::Secondary busy="Making…" attr:data-test="rotate-webhook-secret">
                    "Make a new secret"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
