use leptos::prelude::*;
use model::{ActionState, OfferedAction, ResourceAction, ResourceActions, ResourceId};

use super::{state_in_words, told, tone, withdraw};
use crate::{components::*, reply::FormReply, routes};

/// What can be done now, and what was asked for last. Nothing where nothing is declared and nothing was ever asked for.
pub(in crate::pages::resources) fn actions(
    id: ResourceId,
    offered: &ResourceActions,
    asked: Vec<ResourceAction>,
    (token, refused): (String, FormReply),
) -> Option<AnyView> {
    if offered.actions.is_empty() && asked.is_empty() && offered.is_usual {
        return None;
    }
    let waiting = is_waiting(&asked);
    let (possible, others): (Vec<_>, Vec<_>) = offered.actions.iter().partition(|one| one.why_not.is_empty());
    // What is done with a part stands at the part.
    let buttons = possible
        .into_iter()
        .filter(|one| !is_of_a_part(one))
        .map(|one| button(id, one, &token))
        .collect_view();
    let condition = offered.condition.clone().map(|condition| {
        let tone = if offered.is_usual {
            Tone::Neutral
        } else {
            Tone::Waiting
        };
        view! { <span data-test="resource-condition"><Badge tone=tone>{condition.label}</Badge></span> }
            .into_any()
    });
    let all = (!asked.is_empty()).then(|| {
        view! { <LinkButton href=routes::resource_actions(id) kind=ButtonKind::Quiet size=ButtonSize::Small>"All that was asked for"</LinkButton> }
    });
    let head = view! { {condition} {all} }.into_any();
    let others = not_now(others);
    let rows = last(asked);
    Some(
        view! {
            <PolledRegion id="actions" waiting=waiting>
                <Section title="Actions" actions=head>
                    <div class="stack">
                        <ErrorSummary errors=refused.errors() title="That was not asked for."/>
                        <div class="cluster">{buttons}</div>
                        {others}
                        {rows}
                    </div>
                </Section>
            </PolledRegion>
        }
        .into_any(),
    )
}

/// Whether a backend is at work for somebody, which ends soon.
pub(in crate::pages::resources) fn is_waiting(asked: &[ResourceAction]) -> bool {
    let ends_soon = |one: &ResourceAction| !one.by_hand && !one.state.is_terminal();
    asked.iter().any(ends_soon)
}

/// Whether it cannot be asked for without a part.
fn is_of_a_part(one: &OfferedAction) -> bool {
    let drawn = &one.action.choices;
    let is_required = |field: &str| one.action.input.field(field).is_some_and(|field| field.required);
    !drawn.is_empty() && drawn.iter().all(|drawn| is_required(&drawn.field))
}

/// Done at once where nothing is to be filled in or agreed to.
fn button(id: ResourceId, one: &OfferedAction, token: &str) -> AnyView {
    let action = &one.action;
    let test = format!("action-{}", action.key);
    let title = action.title.clone();
    if !action.input.is_empty() || !action.confirmation.is_empty() {
        return view! { <LinkButton href=routes::resource_action(id, &action.key) attr:data-test=test attr:title=action.description.clone()>{title}</LinkButton> }
            .into_any();
    }
    let fields = vec![
        ("resource".to_owned(), id.to_string()),
        ("action".to_owned(), action.key.clone()),
        ("idempotency_key".to_owned(), token.to_owned()),
    ];
    view! {
        <PostButton action="/fn/ask_for_action" fields=fields attr:data-test=test attr:title=action.description.clone()>
            {title}
        </PostButton>
    }
    .into_any()
}

fn not_now(others: Vec<&OfferedAction>) -> Option<AnyView> {
    if others.is_empty() {
        return None;
    }
    let rows = others
        .into_iter()
        .map(|one| {
            let (title, why_not) = (one.action.title.clone(), one.why_not.clone());
            view! { <KeyValue label=title>{why_not}</KeyValue> }
        })
        .collect_view();
    Some(
        view! {
            <Disclosure summary="Not possible now">
                <KeyValues>{rows}</KeyValues>
            </Disclosure>
        }
        .into_any(),
    )
}

fn last(asked: Vec<ResourceAction>) -> Option<AnyView> {
    if asked.is_empty() {
        return None;
    }
    let items = asked.into_iter().map(|one| {
        let at = view! { <RelativeTime at=one.asked_at/> }.into_any();
        let by = Some(one.asked_by.clone());
        let title = format!("{}: {}", one.title, state_in_words(&one).to_lowercase());
        let (tone, back) = (tone(one.state), withdraw(&one, "page"));
        let busy = (one.state == ActionState::Running).then(|| view! { <Busy label="Under way"/> });
        view! {
            <TimelineItem tone=tone title=title at=at by=by>
                {busy}
                {told(one)}
                {back}
            </TimelineItem>
        }
    });
    let items: Vec<_> = items.collect();
    Some(view! { <div data-test="asked-actions"><Timeline>{items}</Timeline></div> }.into_any())
}
