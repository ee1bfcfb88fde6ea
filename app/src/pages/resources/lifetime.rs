//! How long a resource lasts and what happens then, in words.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::{Extension, Lifetime, ResourceDetail, ResourceState};

use crate::{components::*, routes};

/// `14 April 2026`.
pub(crate) fn days(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `today`, `tomorrow`, `in 7 days`, `3 days ago`.
pub(crate) fn distance(days_left: i64) -> String {
    match days_left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", days.unsigned_abs()),
    }
}

/// What happens at an end, and what to do about it.
pub(crate) fn what_happens(
    last_day: NaiveDate,
    days_left: i64,
    ended_after: NaiveDate,
    (extension, can_extend): (Extension, bool),
) -> String {
    let then = if ended_after > last_day {
        format!(
            "It is billed until {}, kept until {} and ended in the night after",
            days(last_day),
            days(ended_after)
        )
    } else {
        format!("It is ended in the night after {}", days(last_day))
    };
    let over = if days_left < 0 {
        "Its last day is over. "
    } else {
        ""
    };
    let how = match (extension, can_extend) {
        (Extension::Renew, true) => {
            " Renew it to keep it; a renewal that needs approval must be approved by then."
        }
        (Extension::ChangeEnd, true) => " Choose a later last day to keep it.",
        (Extension::ChangeProject, true) => " Choose a later last day for its project to keep it.",
        (Extension::ChangeProject, false) => " It can be kept once its project has a later last day.",
        // What would be refused now is no advice.
        (Extension::Renew | Extension::ChangeEnd, false) => "",
    };
    format!("{over}{then}, with everything on it.{how}")
}

/// Told from 30 days before the end on.
pub(super) fn notice(resource: &ResourceDetail) -> Option<AnyView> {
    let lifetime = &resource.lifetime;
    if resource.summary.state.is_terminal() {
        return None;
    }
    let (last_day, left, ended_after) = (lifetime.last_day?, lifetime.days_left?, lifetime.ended_after?);
    if left > 30 {
        return None;
    }
    let tone = if left <= 1 { Tone::Bad } else { Tone::Waiting };
    let verb = if left < 0 { "Ended" } else { "Ends" };
    let button = lifetime.can_extend.then(|| extend(resource)).into_any();
    let text = what_happens(
        last_day,
        left,
        ended_after,
        (lifetime.extension, lifetime.can_extend),
    );
    Some(
        view! {
            <Banner tone=tone title=format!("{verb} {}", distance(left)) actions=button>
                <span data-test="ending">{text}</span>
            </Banner>
        }
        .into_any(),
    )
}

/// The button that leads to more time.
pub(super) fn extend(resource: &ResourceDetail) -> impl IntoView + use<> {
    let href = routes::resource_extend(resource.summary.id);
    let label = resource.lifetime.extension.label();
    view! { <LinkButton href=href attr:data-test="extend">{label}</LinkButton> }
}

/// First day, last day, what happens then.
pub(super) fn facts(lifetime: &Lifetime, state: ResourceState) -> impl IntoView + use<> {
    let first = lifetime
        .first_day
        .map(|day| view! { <KeyValue label="First day"><DayText day=day/></KeyValue> });
    let last = match lifetime.last_day {
        Some(day) => view! { <KeyValue label="Last day"><DayText day=day/></KeyValue> }.into_any(),
        // When it was ended stands beside it.
        None if state.is_terminal() => ().into_any(),
        None => view! { <KeyValue label="Last day">"None: it goes on until somebody ends it"</KeyValue> }
            .into_any(),
    };
    let terms: Vec<_> = lifetime
        .terms
        .iter()
        .map(|term| {
            let text = format!("{} to {}", days(term.first_day), days(term.last_day));
            view! { <KeyValue label="Paid up front">{text}</KeyValue> }
        })
        .collect();
    let then = lifetime
        .last_day
        .zip(lifetime.days_left)
        .zip(lifetime.ended_after);
    let then = then
        .filter(|((_, left), _)| *left > 30 && !state.is_terminal())
        .map(|((day, left), after)| {
            let text = what_happens(day, left, after, (lifetime.extension, lifetime.can_extend));
            view! { <KeyValue label="Then">{text}</KeyValue> }
        });
    view! { {first} {last} {terms} {then} }
}
