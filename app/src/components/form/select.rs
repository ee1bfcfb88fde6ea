use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    choice::Choice,
    field::{FieldParts, FieldShell, FieldWidth},
};
use crate::components::icon::{Icon, IconView};

#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
    /// The first entry, with an empty value: "Choose a project".
    #[prop(optional, into)]
    placeholder: OptionalText,
    #[prop(optional)] width: FieldWidth,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <div class=width.class()>
                <div class="select">
                    <select
                        class="input"
                        id=parts.id.clone()
                        name=name
                        required=required
                        disabled=disabled
                        aria-invalid=parts.invalid()
                        aria-describedby=parts.described_by()
                    >
                        {placeholder.map(|text| view! { <option value="" selected=value.is_empty()>{text}</option> })}
                        {options(choices, &value)}
                    </select>
                    <IconView icon=Icon::ChevronDown/>
                </div>
            </div>
        </FieldShell>
    }
    .into_any()
}

/// The options of a select, with neighbours of the same group under one heading.
pub(super) fn options(choices: Vec<Choice>, value: &str) -> AnyView {
    let mut groups: Vec<(Option<String>, Vec<Choice>)> = Vec::new();
    for choice in choices {
        match groups.last_mut() {
            Some((group, members)) if *group == choice.group => members.push(choice),
            _ => groups.push((choice.group.clone(), vec![choice])),
        }
    }
    groups
        .into_iter()
        .map(|(group, members)| {
            let members = members
                .into_iter()
                .map(|choice| option(choice, value))
                .collect_view();
            match group {
                Some(label) => view! { <optgroup label=label>{members}</optgroup> }.into_any(),
                None => members.into_any(),
            }
        })
        .collect_view()
        .into_any()
}

fn option(choice: Choice, value: &str) -> impl IntoView + use<> {
    let selected = choice.value == value;
    let label = match choice.price {
        Some(price) => format!("{} · {price}", choice.label),
        None => choice.label,
    };
    view! {
        <option value=choice.value selected=selected disabled=choice.disabled data-hint=choice.hint>
            {label}
        </option>
    }
}
