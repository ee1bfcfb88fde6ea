use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use super::field::{ErrorText, FieldParts, HelpText};

#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(default = "true".to_string(), into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    tick(
        "check",
        parts,
        name,
        label,
        value,
        Marks {
            checked,
            required,
            disabled,
        },
    )
}

/// A checkbox for something that is on or off, drawn as a switch.
#[component]
pub fn Switch(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(default = "true".to_string(), into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    tick(
        "check switch",
        parts,
        name,
        label,
        value,
        Marks {
            checked,
            required: false,
            disabled,
        },
    )
}

struct Marks {
    checked: bool,
    required: bool,
    disabled: bool,
}

fn tick(
    class: &'static str,
    parts: FieldParts,
    name: String,
    label: String,
    value: String,
    marks: Marks,
) -> impl IntoView {
    let id = parts.id.clone();
    let rest = parts.help.is_some() || parts.error.is_some();
    view! {
        <div class=class data-field="">
            <input
                type="checkbox"
                id=id.clone()
                name=name
                value=value
                checked=marks.checked
                required=marks.required
                disabled=marks.disabled
                aria-invalid=parts.invalid()
                aria-describedby=parts.described_by()
            />
            <label class="check-label" for=id.clone()>
                {label}
            </label>
            {rest
                .then(|| {
                    view! {
                        <div class="check-rest">
                            {parts.help.map(|help| view! { <HelpText id=id.clone() text=help/> })}
                            {parts.error.map(|error| view! { <ErrorText id=id text=error/> })}
                        </div>
                    }
                })}
        </div>
    }
}
