//! What every field has around its control: label, help, error, and the attributes that tie them together.

use leptos::prelude::*;

use crate::components::{
    icon::{Icon, IconView},
    optional_text::OptionalText,
};

/// How wide a control is drawn; its width hints at how long the answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldWidth {
    #[default]
    Full,
    Half,
    Short,
    Tiny,
}

impl FieldWidth {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Full => "field-box",
            Self::Half => "field-box width-half",
            Self::Short => "field-box width-short",
            Self::Tiny => "field-box width-tiny",
        }
    }
}

/// The ids and texts that a control and the parts around it share.
#[derive(Clone, Debug)]
pub struct FieldParts {
    pub(super) id: String,
    pub(super) help: Option<String>,
    pub(super) error: Option<String>,
}

impl FieldParts {
    pub(super) fn new(name: &str, id: OptionalText, help: OptionalText, error: OptionalText) -> Self {
        Self {
            id: id.0.unwrap_or_else(|| field_id(name)),
            help: help.0,
            error: error.0,
        }
    }

    /// For `aria-describedby`: the error first, as it is what to act on.
    pub(super) fn described_by(&self) -> Option<String> {
        let parts = [
            self.error.as_ref().map(|_| format!("{}-error", self.id)),
            self.help.as_ref().map(|_| format!("{}-help", self.id)),
        ];
        let ids: Vec<String> = parts.into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Tells the summary of the form what this field is called, where something is wrong with it.
    pub(super) fn name_fault(&self, label: &str) {
        if self.error.is_some() {
            super::fault_labels::name_fault(&self.id, label);
        }
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }
}

/// The id of the control of a field: letters, digits, `-`, `_` and `.` of the name stay, the rest becomes `-`.
pub fn field_id(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') {
            c
        } else {
            '-'
        }
    };
    format!("f-{}", name.chars().map(safe).collect::<String>())
}

/// Label above, control, error, help below.
#[component]
pub fn FieldShell(
    parts: FieldParts,
    label: String,
    required: bool,
    #[prop(optional)] disabled: bool,
    children: Children,
) -> impl IntoView {
    let id = parts.id.clone();
    parts.name_fault(&label);
    view! {
        <div class="field" data-field="">
            <label class="field-label" for=id.clone()>
                {label}
                {(!required && !disabled).then(|| view! { <span class="field-optional">" (optional)"</span> })}
            </label>
            {parts.help.map(|help| view! { <HelpText id=id.clone() text=help/> })}
            {parts.error.map(|error| view! { <ErrorText id=id.clone() text=error/> })}
            {children()}
        </div>
    }
    .into_any()
}

#[component]
pub fn HelpText(id: String, text: String) -> impl IntoView {
    view! {
        <p class="field-help" id=format!("{id}-help")>
            {text}
        </p>
    }
    .into_any()
}

#[component]
pub fn ErrorText(id: String, text: String) -> impl IntoView {
    view! {
        <p class="field-error" id=format!("{id}-error")>
            <IconView icon=Icon::Alert/>
            <span>
                <span class="visually-hidden">"Error: "</span>
                {text}
            </span>
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_in_links_and_selectors() {
        assert_eq!(field_id("limits[cpu hours]"), "f-limits-cpu-hours-");
        assert_eq!(field_id("plan.name"), "f-plan.name");
    }

    #[test]
    fn a_control_is_described_by_its_error_and_then_its_help() {
        let both = FieldParts::new("a", OptionalText(None), "help".into(), "wrong".into());
        assert_eq!(both.described_by().as_deref(), Some("f-a-error f-a-help"));
        assert_eq!(
            FieldParts::new("a", OptionalText(None), OptionalText(None), OptionalText(None)).described_by(),
            None
        );
    }
}
