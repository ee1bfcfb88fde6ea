use leptos::prelude::*;

use super::{
    icon::{Icon, IconView},
    tone::Tone,
};

/// The state of an order, a resource, an invoice: colour, shape and word say the same.
#[component]
pub fn StateBadge(
    tone: Tone,
    #[prop(into)] label: String,
    #[prop(optional)] icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <span class=format!("badge badge-state {}", tone.class())>
            <IconView icon=icon.unwrap_or(tone.icon()) size=14/>
            {label}
        </span>
    }
    .into_any()
}

/// A short remark on a thing that is no state: "New", "Private", "Beta".
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! { <span class=format!("badge {}", tone.class())>{children()}</span> }.into_any()
}

#[component]
pub fn CountBadge(count: u32, #[prop(optional)] tone: Tone) -> impl IntoView {
    let text = if count > 999 {
        "999+".to_string()
    } else {
        count.to_string()
    };
    view! { <span class=format!("count {}", tone.class())>{text}</span> }.into_any()
}
