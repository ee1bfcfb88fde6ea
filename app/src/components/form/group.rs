//! Several controls under one legend. The first control of a group carries the group's id, so that the error summary leads there.

use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    choice::Choice,
    field::{ErrorText, FieldParts, HelpText},
};

#[component]
pub fn CheckboxGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    #[prop(optional)] values: Vec<String>,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] columns: bool,
) -> impl IntoView {
    let parts = FieldParts::new(&name, OptionalText(None), help, error);
    let boxes = lines("checkbox", &name, &parts, choices, &values);
    let class = if columns {
        "options options-columns"
    } else {
        "options"
    };
    view! { <GroupShell parts=parts legend=legend required=required class=class>{boxes}</GroupShell> }
        .into_any()
}

#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] inline: bool,
) -> impl IntoView {
    let parts = FieldParts::new(&name, OptionalText(None), help, error);
    let radios = lines("radio", &name, &parts, choices, &[value]);
    let class = if inline {
        "options options-inline"
    } else {
        "options"
    };
    view! { <GroupShell parts=parts legend=legend required=required class=class>{radios}</GroupShell> }
        .into_any()
}

/// For a decision that deserves room, such as the plan: title, price and a sentence each.
#[component]
pub fn RadioCards(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let parts = FieldParts::new(&name, OptionalText(None), help, error);
    let cards = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let checked = choice.value == value;
            view! {
                <label class="option">
                    <input type="radio" id=nth_id(&parts.id, at) name=name.clone() value=choice.value checked=checked required=required disabled=choice.disabled/>
                    <span class="option-title">{choice.label}</span>
                    <span class="option-price">{choice.price}</span>
                    {choice.hint.map(|hint| view! { <span class="option-hint">{hint}</span> })}
                </label>
            }
        })
        .collect_view();
    view! {
        <GroupShell parts=parts.clone() legend=legend required=required class="option-cards">
            {cards}
        </GroupShell>
    }
    .into_any()
}

fn nth_id(id: &str, at: usize) -> String {
    if at == 0 {
        id.to_string()
    } else {
        format!("{id}-{at}")
    }
}

fn lines(
    kind: &'static str,
    name: &str,
    parts: &FieldParts,
    choices: Vec<Choice>,
    chosen: &[String],
) -> AnyView {
    choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let id = nth_id(&parts.id, at);
            let checked = chosen.contains(&choice.value);
            // The hint selects as well, but is no part of the name.
            let hint_id = choice.hint.as_ref().map(|_| format!("{id}-hint"));
            let label_id = format!("{id}-label");
            view! {
                <div class="check">
                    <input type=kind id=id.clone() name=name.to_string() value=choice.value checked=checked disabled=choice.disabled aria-invalid=parts.invalid() aria-labelledby=label_id.clone() aria-describedby=hint_id.clone()/>
                    <label class="check-label" for=id.clone() id=label_id>
                        {choice.label}
                    </label>
                    {choice.hint.map(|hint| view! { <label class="check-rest field-help" for=id id=hint_id>{hint}</label> })}
                </div>
            }
        })
        .collect_view()
        .into_any()
}

#[component]
fn GroupShell(
    parts: FieldParts,
    legend: String,
    required: bool,
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let described = parts.described_by();
    let id = parts.id.clone();
    parts.name_fault(&legend);
    view! {
        <fieldset class="field" data-field="" aria-describedby=described>
            <legend class="field-label">
                {legend}
                {(!required).then(|| view! { <span class="field-optional">" (optional)"</span> })}
            </legend>
            {parts.help.map(|help| view! { <HelpText id=id.clone() text=help/> })}
            {parts.error.map(|error| view! { <ErrorText id=id text=error/> })}
            <div class=class>{children()}</div>
        </fieldset>
    }
    .into_any()
}
