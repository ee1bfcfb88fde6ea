use leptos::prelude::*;
use model::{Field, OfferingDetail};

use super::step::{
    OfferingReference, Step, area_of, is_editable, offering_id, offering_reference, step_page,
};
use crate::{
    components::*,
    offering_form::{FieldType, field_texts},
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::offerings::{OfferingStep, load_offering_step},
};

#[component]
pub fn FormPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id, "add_field".to_owned()).await?;
        let (offering, area) = (facts.offering.clone(), area_of(&facts.offering));
        let preview = view! { <Preview offering=offering.clone()/> }.into_any();
        let main = view! { <Builder facts=facts/> };
        Ok((
            area,
            step_page(Step::Form, &offering, main.into_any(), Some(preview)),
        ))
    })
}

/// The form as a buyer will see it, drawn by the very component that draws the order form.
#[component]
fn Preview(offering: OfferingDetail) -> impl IntoView {
    let form = if offering.request_form.is_empty() {
        view! { <p class="muted">"No questions yet. Buyers choose project, plan and amounts in any case."</p> }.into_any()
    } else {
        view! { <AttributeForm schema=offering.request_form prefix="preview"/> }.into_any()
    };
    view! {
        <Section title="Preview" lead="As a buyer sees it. Try it out: nothing is sent.">
            <div class="stack" data-test="form-preview">{form}</div>
        </Section>
    }
}

#[component]
fn Builder(facts: OfferingStep) -> impl IntoView {
    let OfferingStep {
        offering,
        reply,
        asked,
    } = facts;
    let changed = reply.value_or("field", asked.text("field"));
    let old = offering.request_form.field(&changed).cloned();
    let reply = match &old {
        Some(old) if !reply.is_filled() => FormReply {
            fields: field_texts(old),
            problem: None,
        },
        _ => reply,
    };
    let title = old.as_ref().map_or_else(
        || "Add a question".to_owned(),
        |old| format!("Change “{}”", old.label),
    );
    let all = offering.clone();
    let form = is_editable(&offering).then(|| {
        view! {
            <Section title=title id="field">
                <FieldForm offering=offering old=old reply=reply/>
            </Section>
        }
    });
    view! {
        <Section title="Questions" lead="What you ask a buyer. Orders that were placed keep their answers and the questions to them." flush=true>
            <List offering=all/>
        </Section>
        {form}
    }
}

#[component]
fn List(offering: OfferingDetail) -> impl IntoView {
    if offering.request_form.is_empty() {
        let words = if is_editable(&offering) {
            "That is fine. Add a question when you need to know something to carry out an order."
        } else {
            "Buyers choose project, plan and amounts, and are asked nothing else."
        };
        return view! {
            <EmptyState illustration=Illustration::Inbox title="Nothing is asked" compact=true>
                {words}
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Question"),
        Column::text("Type"),
        Column::text("Needed"),
        Column::actions(),
    ];
    let rows: Vec<_> = offering
        .request_form
        .fields
        .iter()
        .map(|one| row(&offering, one))
        .collect();
    view! {
        <DataTable caption="Questions" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

fn row(offering: &OfferingDetail, field: &Field) -> impl IntoView + use<> {
    let (key, label) = (field.key.clone(), field.label.clone());
    let edit = is_editable(offering).then(|| {
        format!(
            "{}?field={key}#field",
            routes::offering_step(offering.summary.id, "form")
        )
    });
    let needed = match (&field.visible_when, field.required) {
        (Some(condition), _) => format!("With {}", condition.field),
        (None, true) => "Required".to_owned(),
        (None, false) => "Optional".to_owned(),
    };
    let kind = FieldType::of(&field.kind).label();
    let actions = edit.clone().map(|change| actions(offering, field, change));
    view! {
        <Row>
            <MainCell href=edit sub=key>
                {label}
            </MainCell>
            <Cell label="Type">{kind}</Cell>
            <Cell label="Needed">{needed}</Cell>
            <ActionsCell>{actions}</ActionsCell>
        </Row>
    }
}

fn actions(offering: &OfferingDetail, field: &Field, change: String) -> impl IntoView + use<> {
    let fields = |direction: &str| {
        offering_reference(
            offering,
            &[("field", field.key.as_str()), ("direction", direction)],
        )
    };
    let (up, down, remove) = (fields("up"), fields("down"), fields(""));
    view! {
        <Menu label=format!("Actions for {}", field.label) icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
            <MenuLink href=change>"Change"</MenuLink>
            <MenuForm action="/fn/move_field" label="Move up" icon=Icon::ArrowUp fields=up/>
            <MenuForm action="/fn/move_field" label="Move down" icon=Icon::ArrowDown fields=down/>
            <MenuForm action="/fn/remove_field" label="Remove" danger=true fields=remove/>
        </Menu>
    }
}

#[component]
fn FieldForm(offering: OfferingDetail, old: Option<Field>, reply: FormReply) -> impl IntoView {
    let stored = old.as_ref().map(field_texts).unwrap_or_default();
    let replaced = old.map(|old| old.key).unwrap_or_default();
    let back = (!replaced.is_empty()).then(|| {
        view! {
            <LinkButton href=routes::offering_step(offering.summary.id, "form") kind=ButtonKind::Quiet>
                "Add another instead"
            </LinkButton>
        }
    });
    view! {
        <Form action="/fn/add_field" label="Question">
            <ErrorSummary errors=reply.errors() title="The question was not saved."/>
            <Conflict stored=stored reply=reply.clone()/>
            <OfferingReference offering=offering.clone()/>
            <HiddenField name="field" value=replaced.clone()/>
            <Asking reply=reply.clone()/>
            <Answering reply=reply.clone()/>
            <Disclosure summary="Section and condition" open=has_extras(&reply)>
                <Extras offering=offering replaced=replaced reply=reply/>
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
fn Asking(reply: FormReply) -> impl IntoView {
    let below = reply.clone();
    view! {
        <FormGrid>
            <TextField
                name="label"
                label="Question"
                value=reply.value_or("label", "")
                help="As buyers read it: Login shell."
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
fn Answering(reply: FormReply) -> impl IntoView {
    let types = FieldType::ALL
        .iter()
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
fn Extras(offering: OfferingDetail, replaced: String, reply: FormReply) -> impl IntoView {
    let fields = offering.request_form.fields.into_iter();
    let earlier = fields.take_while(|field| field.key != replaced);
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
