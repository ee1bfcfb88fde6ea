//! Pages and parts with nothing in them, and why. One drawing style: lines, and a wash of the accent.

use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    banner::Banner,
    button::{ButtonSize, LinkButton},
    code::CopyId,
    icon::Icon,
    tone::Tone,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Illustration {
    #[default]
    Shelf,
    Inbox,
    Receipt,
    Chart,
    Key,
    People,
    Search,
    Server,
}

impl Illustration {
    pub const ALL: [Self; 8] = [
        Self::Shelf,
        Self::Inbox,
        Self::Receipt,
        Self::Chart,
        Self::Key,
        Self::People,
        Self::Search,
        Self::Server,
    ];

    /// `wash` lies below, `ink` is the quiet line, the rest is drawn in the accent.
    const fn shapes(self) -> &'static str {
        match self {
            Self::Shelf => {
                "<rect class='wash' x='34' y='22' width='92' height='58' rx='6'/><path class='ink' d='M20 80h120M20 46h120M26 20v72M134 20v72'/><rect x='38' y='28' width='18' height='18' rx='3'/><rect x='64' y='22' width='14' height='24' rx='3'/><rect x='46' y='60' width='26' height='20' rx='3'/><path d='M98 64l8-8 8 8-8 8z'/>"
            }
            Self::Inbox => {
                "<path class='wash' d='M36 58l14-30h60l14 30v22H36z'/><path class='ink' d='M70 12v10M58 15l4 8M82 15l-4 8'/><path d='M36 58l14-30h60l14 30v20a6 6 0 0 1-6 6H42a6 6 0 0 1-6-6z'/><path d='M36 58h26c0 9 7 14 18 14s18-5 18-14h26'/>"
            }
            Self::Receipt => {
                "<path class='wash' d='M54 14h52v76l-9-6-8 6-9-6-9 6-8-6-9 6z'/><path d='M54 14h52v76l-9-6-8 6-9-6-9 6-8-6-9 6z'/><path class='ink' d='M66 32h28M66 44h28M66 56h14M24 90h24M112 90h24'/><path d='M88 64h6'/>"
            }
            Self::Chart => {
                "<path class='wash' d='M36 70l24-18 22 8 22-24 22 10v36H36z'/><path class='ink' d='M30 16v68h104M30 62h104M30 40h104'/><path d='M36 70l24-18 22 8 22-24 22 10'/><circle cx='60' cy='52' r='3'/><circle cx='104' cy='36' r='3'/>"
            }
            Self::Key => {
                "<circle class='wash' cx='60' cy='52' r='26'/><circle cx='60' cy='52' r='20'/><circle cx='60' cy='52' r='7'/><path d='M80 52h52M116 52v12M128 52v10'/><path class='ink' d='M22 84h116'/>"
            }
            Self::People => {
                "<path class='wash' d='M48 86c0-18 14-28 32-28s32 10 32 28z'/><circle cx='80' cy='38' r='15'/><path d='M48 86c0-18 14-28 32-28s32 10 32 28'/><path class='ink' d='M46 56a11 11 0 1 1 3-21M24 84c0-11 6-18 16-21M114 56a11 11 0 1 0-3-21M136 84c0-11-6-18-16-21'/>"
            }
            Self::Search => {
                "<circle class='wash' cx='72' cy='46' r='30'/><path class='ink' d='M24 86h36M116 86h20M58 42h28M58 52h18'/><circle cx='72' cy='46' r='26'/><path d='M91 65l21 21'/>"
            }
            Self::Server => {
                "<rect class='wash' x='40' y='18' width='80' height='66' rx='6'/><rect x='40' y='18' width='80' height='20' rx='4'/><rect x='40' y='41' width='80' height='20' rx='4'/><rect x='40' y='64' width='80' height='20' rx='4'/><path d='M50 28h.1M58 28h.1M50 51h.1M58 51h.1M50 74h.1M58 74h.1'/><path class='ink' d='M96 28h14M96 51h14M96 74h14M20 94h120'/>"
            }
        }
    }
}

#[component]
pub fn EmptyState(
    #[prop(optional)] illustration: Illustration,
    #[prop(into)] title: String,
    children: Children,
    #[prop(optional)] actions: Option<AnyView>,
    /// Inside a small card: without the drawing.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    view! {
        <div class=if compact { "empty empty-compact" } else { "empty" }>
            {(!compact)
                .then(|| {
                    view! {
                        <svg
                            class="empty-illustration"
                            viewBox="0 0 160 104"
                            fill="none"
                            stroke="currentColor"
                            stroke-width="2"
                            stroke-linecap="round"
                            stroke-linejoin="round"
                            aria-hidden="true"
                            focusable="false"
                            inner_html=illustration.shapes()
                        ></svg>
                    }
                })}
            <h2>{title}</h2>
            <p>{children()}</p>
            {actions.map(|actions| view! { <div class="empty-actions">{actions}</div> })}
        </div>
    }
    .into_any()
}

/// You may not: why, and who can.
#[component]
pub fn Refused(
    #[prop(into)] title: String,
    children: Children,
    #[prop(optional)] actions: Option<AnyView>,
) -> impl IntoView {
    match actions {
        Some(actions) => {
            view! { <EmptyState illustration=Illustration::Key title=title actions=actions>{children()}</EmptyState> }
                .into_any()
        }
        None => view! { <EmptyState illustration=Illustration::Key title=title>{children()}</EmptyState> }.into_any(),
    }
}

/// It went wrong on our side: what to do, and the id by which we find it.
#[component]
pub fn Failed(
    #[prop(default = "This could not be loaded".to_string(), into)] title: String,
    children: Children,
    #[prop(optional, into)] trace: OptionalText,
    #[prop(optional, into)] retry: OptionalText,
) -> impl IntoView {
    let actions = view! {
        {retry.map(|href| view! { <LinkButton href=href icon=Icon::Refresh size=ButtonSize::Small>"Try again"</LinkButton> })}
    };
    view! {
        <Banner tone=Tone::Bad title=title actions=actions.into_any()>
            {children()}
            {trace
                .map(|trace| {
                    view! {
                        <p class="small muted">
                            "If you write to us, name this: "
                            <CopyId value=trace label="trace id"/>
                        </p>
                    }
                })}
        </Banner>
    }
    .into_any()
}

#[component]
pub fn Skeleton(#[prop(default = 3)] lines: u32, #[prop(optional)] table: bool) -> impl IntoView {
    let bone = if table { "bone bone-row" } else { "bone" };
    let bones = (0..lines)
        .map(|_| view! { <div class=bone></div> })
        .collect_view();
    view! {
        <div class="skeleton" role="status" aria-label="Loading">
            {bones}
        </div>
    }
    .into_any()
}
