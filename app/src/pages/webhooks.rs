//! Webhooks of a place: which there are, one with what it was told, and the forms for both.

mod deliveries;
mod detail;
mod list;

pub use self::{
    detail::{AdminWebhookPage, OrganizationWebhookPage, ProjectWebhookPage, ProviderWebhookPage},
    list::{AdminWebhooksPage, OrganizationWebhooksPage, ProjectWebhooksPage, ProviderWebhooksPage},
};

use leptos::prelude::*;
use model::{EventKind, Webhook, WebhookState};

use super::place::Place;
use crate::{components::*, reply::FormReply, routes};

/// The webhooks of a place.
fn list_of(place: &Place) -> String {
    routes::webhooks(place.kind, &place.id)
}

/// What they are told of, in words.
fn told_of(place: &Place) -> &'static str {
    match place.kind {
        "organization" => "It is told of what happens in this organization and its projects.",
        "project" => "It is told of what happens in this project.",
        "provider" => "It is told of what happens to what this provider offers and sells.",
        _ => "It is told of everything that happens in this portal.",
    }
}

/// How it stands, as a badge.
fn state(webhook: &Webhook) -> impl IntoView + use<> {
    let tone = match (webhook.state, webhook.failing_since) {
        (WebhookState::Enabled, None) => Tone::Good,
        (WebhookState::Enabled, Some(_)) => Tone::Waiting,
        (WebhookState::Paused, _) => Tone::Ended,
        (WebhookState::Stopped, _) => Tone::Bad,
    };
    let fails = webhook.state == WebhookState::Enabled && webhook.failing_since.is_some();
    let label = match (fails, webhook.next_try_at) {
        (true, Some(_)) => "Failing, tried again",
        (true, None) => "Last message given up",
        (false, _) => webhook.state.label(),
    };
    view! { <StateBadge tone=tone label=label/> }
}

/// Address, description and kinds.
#[component]
fn WebhookFields(reply: FormReply) -> impl IntoView {
    let kinds: Vec<Choice> = EventKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), kind.as_str()).hint(kind.label()))
        .collect();
    let chosen = reply.values_or("kinds", Vec::new());
    let (some, error) = (!chosen.is_empty(), reply.error("kinds"));
    view! {
        <TextField
            name="url"
            label="Address"
            value=reply.value_or("url", "")
            help="Where it is told, by POST: https://… on the public internet."
            error=reply.error("url")
            maxlength=2000
            required=true
        />
        <TextField
            name="description"
            label="What it is for"
            value=reply.value_or("description", "")
            error=reply.error("description")
            maxlength=200
        />
        <Disclosure summary="Only some kinds of events" open=some || error.is_some()>
            <CheckboxGroup
                name="kinds"
                legend="It is told of"
                choices=kinds
                values=chosen
                help="None ticked: it is told of all, also of kinds that are new one day."
                error=error
            />
        </Disclosure>
    }
}
