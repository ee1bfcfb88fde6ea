use crate::components::maybe_text::MaybeText;
use leptos::prelude::*;

use super::{
    choice::Choice,
    field::{Anatomy, FieldShell, FieldWidth},
    select::options,
};
use crate::components::icon::{Icon, IconView};

/// For long lists. Without scripts it is a plain select; the island puts a text field over it that finds entries as one types.
#[component]
pub fn Combobox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: MaybeText,
    #[prop(default = "Choose".to_string(), into)] placeholder: String,
    #[prop(optional)] width: FieldWidth,
) -> impl IntoView {
    let anatomy = Anatomy::new(&name, id, help, error);
    view! {
        <FieldShell anatomy=anatomy.clone() label=label required=required disabled=disabled>
            <div class=width.class()>
                <div class="select" data-combo="">
                    <select
                        class="input"
                        id=anatomy.id.clone()
                        name=name
                        required=required
                        disabled=disabled
                        aria-invalid=anatomy.invalid()
                        aria-describedby=anatomy.described_by()
                    >
                        <option value="">{placeholder}</option>
                        {options(choices, &value)}
                    </select>
                    <IconView icon=Icon::ChevronDown/>
                </div>
            </div>
        </FieldShell>
    }
    .into_any()
}
