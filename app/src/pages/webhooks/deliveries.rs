use leptos::prelude::*;
use model::{DeliveryOutcome, EventKind, Page, Webhook, WebhookDelivery};

use super::list_of;
use crate::{components::*, pages::place::Place};

/// What became of the messages of a webhook.
#[component]
pub(super) fn Deliveries(place: Place, webhook: Webhook, page: Page<WebhookDelivery>) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState illustration=Illustration::Inbox title="Nothing was told yet" compact=true>
                "Each try stands here with what was sent and what was answered."
            </EmptyState>
        }
        .into_any();
    }
    let at = format!("{}/{}", list_of(&place), webhook.id);
    let next = page
        .next
        .map(|cursor| format!("{at}?cursor={}", crate::address::encode(&cursor)));
    let columns = vec![
        Column::text("When"),
        Column::text("Event"),
        Column::text("Outcome"),
        Column::text("Details"),
        Column::actions(),
    ];
    let rows = page
        .items
        .into_iter()
        .map(|one| row(&place, &webhook, one))
        .collect_view();
    view! {
        <DataTable caption="What it was told" columns=columns>
            {rows}
        </DataTable>
        <CursorPages next=next/>
    }
    .into_any()
}

fn row(place: &Place, webhook: &Webhook, one: WebhookDelivery) -> impl IntoView + use<> {
    let tone = match one.outcome {
        DeliveryOutcome::Delivered => Tone::Good,
        DeliveryOutcome::Failed => Tone::Waiting,
        DeliveryOutcome::GivenUp => Tone::Bad,
    };
    let tried = match (one.by_hand, one.attempt) {
        (true, _) => Some("told once more".to_owned()),
        (false, 1) => None,
        (false, attempt) => Some(format!("try {attempt}")),
    };
    let status = one.status.map(|status| format!("status {status}"));
    let took = format!("{} ms", one.milliseconds);
    let facts: Vec<String> = tried.into_iter().chain(status).chain([took]).collect();
    let error = (!one.error.is_empty()).then(|| view! { <p class="small">{one.error.clone()}</p> });
    let answer = (!one.answer.is_empty())
        .then(|| view! { <CodeBlock code=one.answer.clone() label="Answer" copy=false/> });
    let mut fields = place.fields_of("webhook", webhook.id);
    fields.push(("event".to_owned(), one.event_id.to_string()));
    view! {
        <Row>
            <Cell label="When" nowrap=true>
                <RelativeTime at=one.at/>
            </Cell>
            <MainCell sub=one.kind.clone()>{EventKind::label_of(&one.kind)}</MainCell>
            <Cell label="Outcome">
                <StateBadge tone=tone label=one.outcome.label()/>
                <br/>
                <span class="small muted">{facts.join(", ")}</span>
            </Cell>
            <Cell label="Details">
                <Disclosure summary="Show">
                    {error}
                    <CodeBlock code=one.request label="Sent, without the signature" copy=false/>
                    {answer}
                </Disclosure>
            </Cell>
            <ActionsCell>
                <form method="post" action="/fn/redeliver_event" data-post="">
                    <HiddenFields fields=fields/>
                    <SubmitButton kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="redeliver-event">
                        "Tell again"
                    </SubmitButton>
                    <SubmitButton kind=ButtonKind::Quiet size=ButtonSize::Small name="since" value="true" attr:data-test="redeliver-since">
                        "And all since"
                    </SubmitButton>
                </form>
            </ActionsCell>
        </Row>
    }
}
