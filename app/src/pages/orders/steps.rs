//! Who must agree to an order, who was asked, and what they said.

use leptos::prelude::*;
use model::{ApprovalStep, Decision, StepState, Verdict};

use crate::{appearance, components::*};

/// The steps of an order's approval, in the order in which they are asked.
#[component]
pub fn ApprovalSteps(steps: Vec<ApprovalStep>) -> impl IntoView {
    (!steps.is_empty()).then(|| {
        view! {
            <Section title="Approval" lead="Who must agree, by which rule, and what they decided.">
                <Timeline>{steps.into_iter().map(step).collect_view()}</Timeline>
            </Section>
        }
    })
}

fn step(step: ApprovalStep) -> impl IntoView {
    let ApprovalStep {
        side,
        state,
        rule,
        people,
        needed,
        since,
        due,
        decisions,
        ..
    } = step;
    let title = format!("{}: {}", side.label(), state.label().to_lowercase());
    let since = since.filter(|_| state == StepState::Open).map(|since| {
        view! { <p class="small muted">"Asked " <RelativeTime at=since/> "."</p> }
    });
    let asked =
        (!people.is_empty()).then(|| view! { <p>{format!("Can decide: {}.", people.join(", "))}</p> });
    let agreed = decisions
        .iter()
        .filter(|one| one.verdict == Verdict::Approved)
        .count();
    let progress = (state == StepState::Open && needed > 1)
        .then(|| view! { <p>{format!("{agreed} of {needed} have agreed.")}</p> });
    let until = due.map(|due| {
        view! { <p class="small muted">"Without a decision it ends " <DateText at=due/> "."</p> }
    });
    view! {
        <TimelineItem title=title tone=appearance::step_tone(state)>
            {since}
            <p>{rule}</p>
            {asked}
            {progress}
            {until}
            {decisions.into_iter().map(decision).collect_view()}
        </TimelineItem>
    }
}

fn decision(decision: Decision) -> impl IntoView {
    let who = match decision.stood_in_for {
        Some(absent) => format!("{} for {absent}", decision.by),
        None => decision.by,
    };
    let what = format!("{}: {}", who, decision.verdict.label().to_lowercase());
    let comment =
        (!decision.comment.is_empty()).then(|| view! { <p>{format!("“{}”", decision.comment)}</p> });
    view! {
        <p>
            <b>{what}</b>
            " "
            <span class="small muted"><RelativeTime at=decision.at/></span>
        </p>
        {(!decision.rule.is_empty()).then(|| view! { <p class="small muted">{decision.rule}</p> })}
        {comment}
    }
}
