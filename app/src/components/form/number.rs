//! Numbers, money, dates. Amounts travel as text: the browser's number type would make floats of them.

use crate::components::optional_text::OptionalText;
use leptos::prelude::*;
use model::DurationRules;

use super::field::{FieldParts, FieldShell, FieldWidth};
use crate::components::icon::{Icon, IconView};

/// A number with its unit. Limits and step are exact decimals in text, so that 0.1 stays 0.1.
#[component]
pub fn NumberField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
    #[prop(optional, into)] unit: OptionalText,
    #[prop(optional, into)] min: OptionalText,
    #[prop(optional, into)] max: OptionalText,
    #[prop(optional, into)] step: OptionalText,
    /// Shows buttons for one step down and up (with scripts).
    #[prop(optional)]
    stepper: bool,
    #[prop(default = FieldWidth::Short)] width: FieldWidth,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    let any_step = step.0.unwrap_or_else(|| "any".to_string());
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <div class=width.class()>
                {stepper.then(|| view! { <StepButton by="-1" icon=Icon::Minus label="Less"/> })}
                <input
                    type="number"
                    inputmode="decimal"
                    class="input input-num"
                    id=parts.id.clone()
                    name=name
                    value=value
                    min=min
                    max=max
                    step=any_step
                    required=required
                    disabled=disabled
                    aria-invalid=parts.invalid()
                    aria-describedby=parts.described_by()
                />
                {stepper.then(|| view! { <StepButton by="1" icon=Icon::Plus label="More"/> })}
                {unit.map(|unit| view! { <span class="affix">{unit}</span> })}
            </div>
        </FieldShell>
    }
    .into_any()
}

/// For how many months something is had that is paid up front for the whole term.
#[component]
pub fn TermField(
    #[prop(default = "Term")] label: &'static str,
    rules: DurationRules,
    #[prop(into)] months: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
) -> impl IntoView {
    view! {
        <NumberField
            name="term_months"
            label=label
            value=months
            help=help
            unit="months"
            min=rules.least().to_string()
            max=rules.most().to_string()
            step=rules.step().to_string()
            error=error
            required=true
        />
    }
}

#[component]
fn StepButton(by: &'static str, icon: Icon, label: &'static str) -> impl IntoView {
    view! {
        <button type="button" class="stepper js-only" data-step-by=by aria-label=label tabindex="-1">
            <IconView icon=icon/>
        </button>
    }
    .into_any()
}

#[component]
pub fn MoneyField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] currency: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
    #[prop(optional, into)] per: OptionalText,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <div class="field-box width-half">
                <span class="affix">{currency}</span>
                <input
                    type="text"
                    inputmode="decimal"
                    class="input input-num"
                    id=parts.id.clone()
                    name=name
                    value=value
                    required=required
                    disabled=disabled
                    maxlength="30"
                    autocomplete="off"
                    aria-invalid=parts.invalid()
                    aria-describedby=parts.described_by()
                />
                {per.map(|per| view! { <span class="affix">"per " {per}</span> })}
            </div>
        </FieldShell>
    }
    .into_any()
}

#[component]
pub fn DateField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] id: OptionalText,
    #[prop(optional, into)] min: OptionalText,
    #[prop(optional, into)] max: OptionalText,
) -> impl IntoView {
    let parts = FieldParts::new(&name, id, help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <div class="field-box width-short">
                <input
                    type="date"
                    class="input num"
                    id=parts.id.clone()
                    name=name
                    value=value
                    min=min
                    max=max
                    required=required
                    disabled=disabled
                    aria-invalid=parts.invalid()
                    aria-describedby=parts.described_by()
                />
            </div>
        </FieldShell>
    }
    .into_any()
}

#[component]
pub fn TimeField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let parts = FieldParts::new(&name, OptionalText(None), help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required>
            <div class="field-box width-tiny">
                <input
                    type="time"
                    class="input num"
                    id=parts.id.clone()
                    name=name
                    value=value
                    required=required
                    aria-invalid=parts.invalid()
                    aria-describedby=parts.described_by()
                />
            </div>
        </FieldShell>
    }
    .into_any()
}

#[component]
pub fn FileField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: OptionalText,
    #[prop(optional, into)] error: OptionalText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] accept: OptionalText,
) -> impl IntoView {
    let parts = FieldParts::new(&name, OptionalText(None), help, error);
    view! {
        <FieldShell parts=parts.clone() label=label required=required disabled=disabled>
            <input
                type="file"
                class="input"
                id=parts.id.clone()
                name=name
                accept=accept
                required=required
                disabled=disabled
                aria-invalid=parts.invalid()
                aria-describedby=parts.described_by()
            />
        </FieldShell>
    }
    .into_any()
}
