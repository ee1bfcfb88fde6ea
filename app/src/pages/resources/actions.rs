//! What can be done with a resource beside orders: on its page, the form of an action, and all that was asked for.

mod form;
mod history;
mod on_page;
mod parts;

pub use self::{form::ActionFormPage, history::ActionHistoryPage};
pub(super) use self::{
    on_page::{actions, is_waiting},
    parts::parts,
};

use leptos::prelude::*;
use model::{ActionState, ResourceAction};

use crate::components::*;

/// How an action stands.
pub(crate) fn tone(state: ActionState) -> Tone {
    match state {
        ActionState::Waiting | ActionState::Running => Tone::Waiting,
        ActionState::Done => Tone::Good,
        ActionState::Failed => Tone::Bad,
        ActionState::Withdrawn => Tone::Ended,
    }
}

/// The word for how it stands, with whom it waits for.
pub(crate) fn state_in_words(asked: &ResourceAction) -> &'static str {
    match (asked.state, asked.by_hand) {
        (ActionState::Waiting, true) => "Waits for the provider",
        (state, _) => state.label(),
    }
}

/// What was filled in, and what came of it.
pub(crate) fn told(asked: ResourceAction) -> impl IntoView {
    // Under each other: it stands in cells as well.
    let input = asked
        .input
        .into_iter()
        .map(|row| view! { <p class="small"><span class="muted">{row.label}": "</span>{row.text}</p> });
    let output = asked.output.into_iter().map(|line| {
        let copy = view! { <CopyButton value=line.value.clone() label=line.label.clone()/> };
        view! {
            <p class="small">
                <span class="muted">{line.label}": "</span>
                <span class="mono">{line.value}</span>
                " "
                {copy}
            </p>
        }
    });
    let (input, output): (Vec<_>, Vec<_>) = (input.collect(), output.collect());
    let message = (!asked.message.is_empty()).then(|| view! { <p class="small">{asked.message}</p> });
    let step =
        (!asked.progress.message.is_empty()).then(|| view! { <p class="small">{asked.progress.message}</p> });
    view! {
        {input}
        {step}
        {message}
        {output}
    }
}

/// The button that takes an action back; `from` is the page on which it stands.
pub(super) fn withdraw(asked: &ResourceAction, from: &str) -> Option<AnyView> {
    let fields = vec![
        ("resource".to_owned(), asked.resource_id.to_string()),
        ("asked".to_owned(), asked.id.to_string()),
        ("from".to_owned(), from.to_owned()),
    ];
    let title = asked.title.clone();
    asked.can_withdraw.then(|| {
        view! {
            <PostButton action="/fn/withdraw_action" fields=fields kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="withdraw-action">
                "Withdraw"
                <span class="visually-hidden">": " {title}</span>
            </PostButton>
        }
        .into_any()
    })
}
