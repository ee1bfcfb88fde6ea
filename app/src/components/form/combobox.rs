use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    choice::Choice,
    field::{FieldParts, FieldShell, FieldWidth},
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
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
    #[prop(default = "Choose".to_string(), into)] placeholder: String,
    #[prop(optional)] width: FieldWidth,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <div class=width.class()>
                <div class="select" data-combo="">
                    <select
                        class="input"
                        id=parts.id.clone()
                        name=name
                        required=required
                        disabled=disabled
                        aria-invalid=parts.invalid()
                        aria-describedby=parts.described_by()
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
