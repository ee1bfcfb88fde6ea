//! Several controls under one legend. The first control of a group carries the group's id, so that the error summary leads there.

use crate::components::maybe_text::MaybeText;
use leptos::prelude::*;

use super::{
    choice::Choice,
    field::{Anatomy, ErrorText, HelpText},
};

#[component]
pub fn CheckboxGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    #[prop(optional)] values: Vec<String>,
    #[prop(optional, into)] help: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] required: bool,
    #[prop(optional)] columns: bool,
) -> impl IntoView {
    let anatomy = Anatomy::new(&name, MaybeText(None), help, error);
    let boxes = lines("checkbox", &name, &anatomy, choices, &values);
    let class = if columns {
        "options options-columns"
    } else {
        "options"
    };
    view! { <GroupShell anatomy=anatomy legend=legend required=required class=class>{boxes}</GroupShell> }
        .into_any()
}

#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] required: bool,
    #[prop(optional)] inline: bool,
) -> impl IntoView {
    let anatomy = Anatomy::new(&name, MaybeText(None), help, error);
    let radios = lines("radio", &name, &anatomy, choices, &[value]);
    let class = if inline {
        "options options-inline"
    } else {
        "options"
    };
    view! { <GroupShell anatomy=anatomy legend=legend required=required class=class>{radios}</GroupShell> }
        .into_any()
}

/// For a decision that deserves room, such as the plan: title, price and a sentence each.
#[component]
pub fn RadioCards(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let anatomy = Anatomy::new(&name, MaybeText(None), help, error);
    let cards = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let checked = choice.value == value;
            view! {
                <label class="option">
                    <input type="radio" id=nth_id(&anatomy.id, at) name=name.clone() value=choice.value checked=checked required=required disabled=choice.disabled/>
                    <span class="option-title">{choice.label}</span>
                    <span class="option-price">{choice.price}</span>
                    {choice.hint.map(|hint| view! { <span class="option-hint">{hint}</span> })}
                </label>
            }
        })
        .collect_view();
    view! {
        <GroupShell anatomy=anatomy.clone() legend=legend required=required class="option-cards">
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
    anatomy: &Anatomy,
    choices: Vec<Choice>,
    chosen: &[String],
) -> AnyView {
    choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let id = nth_id(&anatomy.id, at);
            let checked = chosen.contains(&choice.value);
            let hint_id = choice.hint.as_ref().map(|_| format!("{id}-hint"));
            view! {
                <div class="check">
                    <input type=kind id=id.clone() name=name.to_string() value=choice.value checked=checked disabled=choice.disabled aria-invalid=anatomy.invalid() aria-describedby=hint_id.clone()/>
                    <label class="check-label" for=id>
                        {choice.label}
                    </label>
                    {choice.hint.map(|hint| view! { <p class="check-rest field-help" id=hint_id>{hint}</p> })}
                </div>
            }
        })
        .collect_view()
        .into_any()
}

#[component]
fn GroupShell(
    anatomy: Anatomy,
    legend: String,
    required: bool,
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let described = anatomy.described_by();
    let id = anatomy.id.clone();
    view! {
        <fieldset class="field" data-field="" aria-describedby=described>
            <legend class="field-label">
                {legend}
                {(!required).then(|| view! { <span class="field-optional">" (optional)"</span> })}
            </legend>
            {anatomy.help.map(|help| view! { <HelpText id=id.clone() text=help/> })}
            {anatomy.error.map(|error| view! { <ErrorText id=id text=error/> })}
            <div class=class>{children()}</div>
        </fieldset>
    }
    .into_any()
}
