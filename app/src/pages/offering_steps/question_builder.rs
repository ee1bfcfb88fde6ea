//! The builder of questions: those of the request form, and those of an action that a provider defined.

use leptos::prelude::*;
use model::{Field, OfferingDetail, Schema};

use super::{
    question_form::QuestionForm,
    step::{is_editable, offering_reference},
};
use crate::{
    components::*,
    offering_form::{FieldType, Questions, field_texts},
    reply::FormReply,
    server_fns::offerings::OfferingStep,
};

/// What is said around the questions.
struct Words {
    lead: &'static str,
    none: &'static str,
    none_to_readers: &'static str,
}

fn words(questions: &Questions) -> Words {
    match questions {
        Questions::RequestForm => Words {
            lead: "What you ask a buyer. Orders that were placed keep their answers and the questions to them.",
            none: "That is fine. Add a question when you need to know something to carry out an order.",
            none_to_readers: "Buyers choose project, plan and amounts, and are asked nothing else.",
        },
        Questions::OfAction(_) => Words {
            lead: "What is filled in to ask for this action. What was asked for before keeps its answers.",
            none: "That is fine. Add a question when your people need to know something to do it.",
            none_to_readers: "It is asked for without filling in anything.",
        },
    }
}

/// The form as whoever fills it in will see it, drawn by the very component that draws it there; or what `nothing` says.
pub(super) fn preview(schema: Schema, lead: &'static str, nothing: &'static str) -> AnyView {
    let form = if schema.is_empty() {
        view! { <p class="muted">{nothing}</p> }.into_any()
    } else {
        view! { <AttributeForm schema=schema prefix="preview"/> }.into_any()
    };
    view! {
        <Section title="Preview" lead=lead>
            <div class="stack" data-test="form-preview">{form}</div>
        </Section>
    }
    .into_any()
}

/// The list of questions, and the form that adds one or changes the one that the address names.
#[component]
pub(super) fn QuestionBuilder(facts: OfferingStep, questions: Questions) -> impl IntoView {
    let OfferingStep {
        offering,
        reply,
        asked,
    } = facts;
    let schema = questions.of(&offering).unwrap_or_default();
    let changed = reply.value_or("field", asked.text("field"));
    let old = schema.field(&changed).cloned();
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
    let lead = words(&questions).lead;
    let list = list(&offering, &questions, &schema);
    let form = is_editable(&offering).then(|| {
        view! {
            <Section title=title id="field">
                <QuestionForm offering=offering questions=questions schema=schema old=old reply=reply/>
            </Section>
        }
    });
    view! {
        <Section title="Questions" lead=lead flush=true>{list}</Section>
        {form}
    }
}

fn list(offering: &OfferingDetail, questions: &Questions, schema: &Schema) -> AnyView {
    if schema.is_empty() {
        let Words {
            none,
            none_to_readers,
            ..
        } = words(questions);
        let words = if is_editable(offering) {
            none
        } else {
            none_to_readers
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
    let rows: Vec<_> = schema
        .fields
        .iter()
        .map(|one| row(offering, questions, one))
        .collect();
    view! {
        <DataTable caption="Questions" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

fn row(offering: &OfferingDetail, questions: &Questions, field: &Field) -> impl IntoView + use<> {
    let (key, label) = (field.key.clone(), field.label.clone());
    let edit =
        is_editable(offering).then(|| format!("{}?field={key}#field", questions.page(offering.summary.id)));
    let needed = match (&field.visible_when, field.required) {
        (Some(condition), _) => format!("With {}", condition.field),
        (None, true) => "Required".to_owned(),
        (None, false) => "Optional".to_owned(),
    };
    let kind = FieldType::of(&field.kind).label();
    let actions = edit
        .clone()
        .map(|change| actions(offering, questions, field, change));
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

fn actions(
    offering: &OfferingDetail,
    questions: &Questions,
    field: &Field,
    change: String,
) -> impl IntoView + use<> {
    let fields = |direction: &str| {
        let button = [("field", field.key.as_str()), ("direction", direction)];
        offering_reference(offering, &[&button, questions.reference().as_slice()].concat())
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
