use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    icon::{Icon, IconView},
    tone::Tone,
};

/// What happened, the latest first or last as the page likes.
#[component]
pub fn Timeline(children: Children) -> impl IntoView {
    view! { <ol class="timeline">{children()}</ol> }.into_any()
}

#[component]
pub fn TimelineItem(
    #[prop(into)] title: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] at: Option<AnyView>,
    #[prop(optional, into)] by: OptionalText,
    #[prop(optional)] icon: Option<Icon>,
    /// Where things stand now.
    #[prop(optional)]
    current: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let class = format!(
        "event {}{}",
        tone.class(),
        if current { " event-now" } else { "" }
    );
    let separated = by.is_some() && at.is_some();
    let has_meta = by.is_some() || at.is_some();
    view! {
        <li class=class aria-current=current.then_some("step")>
            <span class="event-dot">
                <IconView icon=icon.unwrap_or(tone.icon()) size=15/>
            </span>
            <div class="event-body">
                <p class="event-title">
                    <strong>{title}</strong>
                </p>
                {has_meta
                    .then(|| {
                        view! {
                            <p class="event-meta">
                                {by}
                                {separated.then_some(" · ")}
                                {at}
                            </p>
                        }
                    })}
                {children.map(|children| view! { <div class="event-detail">{children()}</div> })}
            </div>
        </li>
    }
    .into_any()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    #[default]
    Todo,
    Failed,
}

impl StepState {
    const fn look(self) -> (&'static str, Icon, &'static str) {
        match self {
            Self::Done => ("step step-done", Icon::CheckCircle, "done"),
            Self::Current => ("step step-current", Icon::CircleDot, "now"),
            Self::Todo => ("step step-todo", Icon::Circle, "to come"),
            Self::Failed => ("step step-failed", Icon::XCircle, "failed"),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub detail: Option<String>,
    pub state: StepState,
}

impl Step {
    pub fn new(label: impl Into<String>, state: StepState) -> Self {
        Self {
            label: label.into(),
            detail: None,
            state,
        }
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// The way of an order or a wizard, side by side.
#[component]
pub fn Steps(
    steps: Vec<Step>,
    #[prop(default = "Progress".to_string(), into)] label: String,
) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|step| {
            let (class, icon, words) = step.state.look();
            view! {
                <li class=class aria-current=(step.state == StepState::Current).then_some("step")>
                    <strong>
                        <IconView icon=icon size=15 label=words.to_string()/>
                        {step.label}
                    </strong>
                    {step.detail}
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="steps" aria-label=label>
            {steps}
        </ol>
    }
    .into_any()
}
