use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    code::CopyButton,
    icon::{Icon, IconView},
};

#[component]
pub fn KeyValues(children: Children, #[prop(optional)] columns: bool) -> impl IntoView {
    view! { <dl class=if columns { "key-values key-values-columns" } else { "key-values" }>{children()}</dl> }
        .into_any()
}

#[component]
pub fn KeyValue(
    #[prop(into)] label: String,
    children: Children,
    #[prop(optional, into)] copy: OptionalText,
) -> impl IntoView {
    let name = label.clone();
    view! {
        <div class="key-value">
            <dt>{label}</dt>
            <dd>
                {children()}
                {copy.map(|value| view! { " " <CopyButton value=value label=name/> })}
            </dd>
        </div>
    }
    .into_any()
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChecklistItem {
    pub label: String,
    pub done: bool,
    /// Where the missing thing can be given.
    pub href: Option<String>,
    pub note: Option<String>,
}

/// What is still missing before something can go live, each with the way to it.
#[component]
pub fn Checklist(items: Vec<ChecklistItem>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            let (icon, words) = if item.done {
                (Icon::CheckCircle, "done")
            } else {
                (Icon::Circle, "missing")
            };
            let label = match item.href.filter(|_| !item.done) {
                Some(href) => view! { <a href=href>{item.label}</a> }.into_any(),
                None => item.label.into_any(),
            };
            view! {
                <li class=if item.done { "ready-item ready-done" } else { "ready-item" }>
                    <IconView icon=icon size=18 label=words.to_string()/>
                    <span>
                        {label}
                        {item.note.map(|note| view! { <span class="ready-note">{note}</span> })}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="ready">{items}</ul> }.into_any()
}
