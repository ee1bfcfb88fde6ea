//! The form itself, and the plain pieces inside it.

use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use crate::components::{
    button::{ButtonKind, SubmitButton},
    icon::{Icon, IconView},
};

/// A form that is posted. With scripts it sends once however often its button is clicked, and asks before unsaved input is left.
#[component]
pub fn Form(
    #[prop(into)] action: String,
    #[prop(default = "post")] method: &'static str,
    #[prop(default = true)] guard: bool,
    /// Makes a second sending of the same form harmless, also without scripts.
    #[prop(optional, into)]
    token: OptionalText,
    #[prop(optional)] upload: bool,
    #[prop(optional, into)] label: OptionalText,
    #[prop(optional, into)] id: OptionalText,
    /// The browser's own checks; off, so that the portal's messages are shown.
    #[prop(default = true)]
    novalidate: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <form
            class="form"
            id=id
            method=method
            action=action
            enctype=upload.then_some("multipart/form-data")
            aria-label=label
            novalidate=novalidate
            data-post=(method == "post").then_some("")
            data-guard=guard.then_some("")
        >
            {token.map(|token| view! { <input type="hidden" name="idempotency_key" value=token/> })}
            {children()}
        </form>
    }
    .into_any()
}

/// A GET form around filters: its answers are in the address. Sends itself on change with scripts, by its button without.
#[component]
pub fn FilterForm(
    #[prop(into)] action: String,
    #[prop(default = true)] auto: bool,
    #[prop(optional, into)] label: OptionalText,
    children: Children,
) -> impl IntoView {
    view! {
        <form class="filters" method="get" action=action role="search" aria-label=label.0.unwrap_or_else(|| "Filter".into()) data-auto=auto.then_some("")>
            {children()}
            <div class=if auto { "no-js" } else { "cluster" }>
                <SubmitButton kind=ButtonKind::Secondary>"Apply"</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

#[component]
pub fn HiddenField(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

#[component]
pub fn HiddenFields(fields: Vec<(String, String)>) -> impl IntoView {
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

#[component]
pub fn Fieldset(
    #[prop(into)] legend: String,
    #[prop(optional, into)] help: OptionalText,
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="fieldset">
            <legend>{legend}</legend>
            {help.map(|help| view! { <p class="field-help">{help}</p> })}
            {children()}
        </fieldset>
    }
    .into_any()
}

#[component]
pub fn FormActions(children: Children) -> impl IntoView {
    view! { <div class="form-actions">{children()}</div> }.into_any()
}

/// Two columns from 640 px on.
#[component]
pub fn FormGrid(children: Children) -> impl IntoView {
    view! { <div class="form-grid">{children()}</div> }.into_any()
}

/// A search field; with `action` it is a GET form of its own, else it belongs to the form around it.
#[component]
pub fn SearchField(
    #[prop(default = "q".to_string(), into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] placeholder: OptionalText,
    #[prop(optional, into)] action: OptionalText,
) -> impl IntoView {
    let placeholder = placeholder.0.unwrap_or_else(|| label.clone());
    let field = view! {
        <div class="search">
            <IconView icon=Icon::Search/>
            <input type="search" class="input" name=name value=value aria-label=label.clone() placeholder=placeholder autocomplete="off" maxlength="200"/>
        </div>
    };
    match action.0 {
        Some(action) => {
            view! { <form method="get" action=action role="search" aria-label=label>{field}</form> }
                .into_any()
        }
        None => field.into_any(),
    }
}
