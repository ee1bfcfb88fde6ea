//! The control for one field of a schema.

use leptos::prelude::*;
use model::{Field, FieldChoice, FieldKind};

use crate::components::form::{
    Checkbox, CheckboxGroup, Choice, Combobox, DateField, FieldWidth, NumberField, PasswordField, RadioGroup,
    Select, TextArea, TextField,
};

/// Up to so many choices stand open; more fold into a select, and many into one that finds entries as one types.
const OPEN_CHOICES: usize = 4;
const FOLDED_CHOICES: usize = 12;

/// The wrapper carries the key, by which the browser shows and hides fields with a condition.
#[component]
pub(super) fn Control(
    field: Field,
    name: String,
    texts: Vec<String>,
    help: Option<String>,
    error: Option<String>,
) -> impl IntoView {
    let key = field.key.clone();
    let fields = ControlFields {
        name,
        label: field.label,
        required: field.required,
        texts,
        help,
        error,
    };
    let control = match field.kind {
        FieldKind::Integer { min, max, step, unit } => {
            let text = |bound: Option<i64>| bound.map(|bound| bound.to_string());
            number(
                fields,
                unit,
                text(min),
                text(max),
                Some(step.unwrap_or(1).to_string()),
            )
        }
        FieldKind::Decimal { min, max, step, unit } => {
            let text = |bound: Option<model::Fixed>| bound.map(|bound| bound.to_string());
            number(fields, unit, text(min), text(max), text(step))
        }
        FieldKind::Choice { choices } => choice(fields, choices),
        FieldKind::MultipleChoice { choices, .. } => several(fields, choices),
        FieldKind::Date { min, max } => date(
            fields,
            min.map(|day| day.to_string()),
            max.map(|day| day.to_string()),
        ),
        kind => text(fields, &kind),
    };
    view! { <div data-attribute=key>{control}</div> }.into_any()
}

/// What every control is told.
struct ControlFields {
    name: String,
    label: String,
    required: bool,
    texts: Vec<String>,
    help: Option<String>,
    error: Option<String>,
}

impl ControlFields {
    fn value(&self) -> String {
        self.texts.first().cloned().unwrap_or_default()
    }
}

fn number(
    fields: ControlFields,
    unit: Option<String>,
    min: Option<String>,
    max: Option<String>,
    step: Option<String>,
) -> AnyView {
    let value = fields.value();
    view! {
        <NumberField
            name=fields.name
            label=fields.label
            value=value
            help=fields.help
            error=fields.error
            required=fields.required
            unit=unit
            min=min
            max=max
            step=step
        />
    }
    .into_any()
}

fn date(fields: ControlFields, min: Option<String>, max: Option<String>) -> AnyView {
    let value = fields.value();
    view! {
        <DateField
            name=fields.name
            label=fields.label
            value=value
            help=fields.help
            error=fields.error
            required=fields.required
            min=min
            max=max
        />
    }
    .into_any()
}

fn choice(fields: ControlFields, choices: Vec<FieldChoice>) -> AnyView {
    let value = fields.value();
    let count = choices.len();
    let choices = named(choices);
    let ControlFields {
        name,
        label,
        required,
        help,
        error,
        ..
    } = fields;
    // A radio button once chosen cannot be left empty again, so only what is required stands open.
    if required && count <= OPEN_CHOICES {
        view! { <RadioGroup name=name legend=label choices=choices value=value help=help error=error required=true/> }.into_any()
    } else if count <= FOLDED_CHOICES {
        let placeholder = if required { "Choose one" } else { "None" };
        view! {
            <Select
                name=name
                label=label
                choices=choices
                value=value
                help=help
                error=error
                required=required
                placeholder=placeholder
                width=FieldWidth::Half
            />
        }
        .into_any()
    } else {
        view! { <Combobox name=name label=label choices=choices value=value help=help error=error required=required/> }.into_any()
    }
}

fn several(fields: ControlFields, choices: Vec<FieldChoice>) -> AnyView {
    let columns = choices.len() > OPEN_CHOICES;
    let choices = named(choices);
    let ControlFields {
        name,
        label,
        required,
        texts,
        help,
        error,
    } = fields;
    view! {
        <CheckboxGroup
            name=name
            legend=label
            choices=choices
            values=texts
            help=help
            error=error
            required=required
            columns=columns
        />
    }
    .into_any()
}

fn named(choices: Vec<FieldChoice>) -> Vec<Choice> {
    choices
        .into_iter()
        .map(|choice| Choice::new(choice.value, choice.label))
        .collect()
}

/// Ticks, texts, keys and secrets.
fn text(fields: ControlFields, kind: &FieldKind) -> AnyView {
    let value = fields.value();
    let ControlFields {
        name,
        label,
        required,
        help,
        error,
        ..
    } = fields;
    match kind {
        FieldKind::Boolean => {
            view! { <Checkbox name=name label=label checked=value == "true" || value == "on" help=help error=error/> }.into_any()
        }
        FieldKind::Secret => {
            view! {
                <PasswordField name=name label=label help=help error=error required=required autocomplete="new-password"/>
            }
            .into_any()
        }
        FieldKind::SshKey => {
            view! {
                <TextArea name=name label=label value=value help=help error=error required=required rows=3 mono=true/>
            }
            .into_any()
        }
        FieldKind::Text { max_length, .. } => {
            let maxlength = max_length.unwrap_or(model::attributes::TEXT_LENGTH);
            view! {
                <TextArea name=name label=label value=value help=help error=error required=required maxlength=maxlength/>
            }
            .into_any()
        }
        FieldKind::List { .. } => {
            let help = format!("{} Each on its own line.", help.unwrap_or_default());
            view! {
                <TextArea name=name label=label value=value help=help.trim().to_owned() error=error required=required/>
            }
            .into_any()
        }
        FieldKind::Url => {
            view! { <TextField name=name label=label value=value help=help error=error required=required kind="url"/> }.into_any()
        }
        _ => line(kind, ControlFields { name, label, required, texts: vec![value], help, error }),
    }
}

fn line(kind: &FieldKind, fields: ControlFields) -> AnyView {
    let value = fields.value();
    let maxlength = match kind {
        FieldKind::String { max_length, .. } => max_length.unwrap_or(model::attributes::STRING_LENGTH),
        _ => model::attributes::STRING_LENGTH,
    };
    view! {
        <TextField
            name=fields.name
            label=fields.label
            value=value
            help=fields.help
            error=fields.error
            required=fields.required
            maxlength=maxlength
        />
    }
    .into_any()
}
