use crate::components::maybe_text::MaybeText;
use leptos::prelude::*;

use super::field::{Anatomy, ErrorText, HelpText};

#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(default = "true".to_string(), into)] value: String,
    #[prop(optional, into)] help: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: MaybeText,
) -> impl IntoView {
    let anatomy = Anatomy::new(&name, id, help, error);
    tick(
        "check",
        anatomy,
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
    #[prop(optional, into)] help: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: MaybeText,
) -> impl IntoView {
    let anatomy = Anatomy::new(&name, id, help, error);
    tick(
        "check switch",
        anatomy,
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
    anatomy: Anatomy,
    name: String,
    label: String,
    value: String,
    marks: Marks,
) -> impl IntoView {
    let id = anatomy.id.clone();
    let rest = anatomy.help.is_some() || anatomy.error.is_some();
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
                aria-invalid=anatomy.invalid()
                aria-describedby=anatomy.described_by()
            />
            <label class="check-label" for=id.clone()>
                {label}
            </label>
            {rest
                .then(|| {
                    view! {
                        <div class="check-rest">
                            {anatomy.help.map(|help| view! { <HelpText id=id.clone() text=help/> })}
                            {anatomy.error.map(|error| view! { <ErrorText id=id text=error/> })}
                        </div>
                    }
                })}
        </div>
    }
}
