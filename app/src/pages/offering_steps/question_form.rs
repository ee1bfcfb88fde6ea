//! The form of one question.

use leptos::prelude::*;
use model::{Field, OfferingDetail, Schema};

use super::step::offering_reference;
use crate::{
    components::*,
    offering_form::{FieldType, Questions, field_texts},
    reply::FormReply,
};

/// Adds a question, or changes `old`.
#[component]
pub(super) fn QuestionForm(
    offering: OfferingDetail,
    questions: Questions,
    schema: Schema,
    old: Option<Field>,
    reply: FormReply,
) -> impl IntoView {
    let stored = old.as_ref().map(field_texts).unwrap_or_default();
    let replaced = old.map(|old| old.key).unwrap_or_default();
    let back = (!replaced.is_empty()).then(|| {
        view! {
            <LinkButton href=questions.page(offering.summary.id) kind=ButtonKind::Quiet>
                "Add another instead"
            </LinkButton>
        }
    });
    let example = match questions {
        Questions::RequestForm => "As buyers read it: Login shell.",
        Questions::OfAction(_) => "As it is read by who asks: Day to go back to.",
    };
    let reference = offering_reference(&offering, &questions.reference());
    view! {
        <Form action="/fn/add_field" label="Question">
            <ErrorSummary errors=reply.errors() title="The question was not saved."/>
            <Conflict stored=stored reply=reply.clone()/>
            <HiddenFields fields=reference/>
            <HiddenField name="field" value=replaced.clone()/>
            <Asking example=example reply=reply.clone()/>
            <Answering questions=questions reply=reply.clone()/>
            <Disclosure summary="Section and condition" open=has_extras(&reply)>
                <Extras schema=schema replaced=replaced reply=reply/>
            </Disclosure>
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="add-field">
                    "Save question"
                </SubmitButton>
                {back}
            </FormActions>
        </Form>
    }
}

fn has_extras(reply: &FormReply) -> bool {
    let texts = ["section", "when_field", "when_values"];
    texts.iter().any(|name| !reply.fields.text(name).is_empty())
}

#[component]
fn Asking(example: &'static str, reply: FormReply) -> impl IntoView {
    let below = reply.clone();
    view! {
        <FormGrid>
            <TextField
                name="label"
                label="Question"
                value=reply.value_or("label", "")
                help=example
                error=reply.error("label")
                maxlength=200
                required=true
            />
            <TextField
                name="key"
                label="Key"
                value=reply.value_or("key", "")
                help="For plugins and programs: shell."
                error=reply.error("key")
                maxlength=50
                mono=true
                required=true
            />
        </FormGrid>
        <TextField
            name="help"
            label="Help"
            value=below.value_or("help", "")
            help="A sentence below the field."
            error=below.error("help")
            maxlength=500
        />
    }
}

#[component]
fn Answering(questions: Questions, reply: FormReply) -> impl IntoView {
    let types = FieldType::ALL
        .iter()
        .filter(|(kind, ..)| questions.takes(*kind))
        .map(|(_, name, label)| Choice::new(*name, *label))
        .collect::<Vec<_>>();
    let bound = |name: &'static str, label: &'static str, help: &'static str| {
        view! {
            <TextField name=name label=label value=reply.value_or(name, "") help=help error=reply.error(name) width=FieldWidth::Short/>
        }
    };
    let least = bound("min", "Least", "Number, characters, entries or day.");
    let most = bound("max", "Most", "The same, at most.");
    let step = bound("step", "Step", "Numbers only.");
    let unit = bound("unit", "Unit", "Numbers only: GiB.");
    view! {
        <Select
            name="type"
            label="Answer"
            choices=types
            value=reply.value_or("type", "string")
            error=reply.error("type")
            width=FieldWidth::Half
            required=true
        />
        <TextArea
            name="choices"
            label="Choices"
            rows=4
            mono=true
            value=reply.value_or("choices", "")
            help="For lists: one on each line, as “bash: Bash”. Without a colon the value is also the label."
            error=reply.error("choices")
        />
        <FormGrid>{least} {most} {step} {unit}</FormGrid>
        <TextField
            name="default"
            label="Starts with"
            value=reply.value_or("default", "")
            help="The value that is filled in already. For yes or no: yes, or no."
            error=reply.error("default")
            width=FieldWidth::Half
        />
        <Checkbox name="required" label="Must be answered" checked=reply.checked_or("required", false)/>
    }
}

#[component]
fn Extras(schema: Schema, replaced: String, reply: FormReply) -> impl IntoView {
    let earlier = schema
        .fields
        .into_iter()
        .take_while(|field| field.key != replaced);
    let earlier: Vec<Choice> = earlier.map(|field| Choice::new(field.key, field.label)).collect();
    view! {
        <TextField
            name="section"
            label="Heading"
            value=reply.value_or("section", "")
            help="Neighbours under the same heading stand together."
            error=reply.error("section")
            maxlength=100
            width=FieldWidth::Half
        />
        <FormGrid>
            <Select
                name="when_field"
                label="Only asked when"
                choices=earlier
                value=reply.value_or("when_field", "")
                placeholder="Always asked"
                error=reply.error("when_field")
            />
            <TextField
                name="when_values"
                label="is one of"
                value=reply.value_or("when_values", "")
                help="Values with commas between: true, or bash, zsh."
                error=reply.error("when_values")
            />
        </FormGrid>
    }
}
