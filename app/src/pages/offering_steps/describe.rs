use leptos::prelude::*;
use model::{OfferingDetail, Visibility};

use super::step::{
    OfferingReference, Step, area_of, choices, is_editable, offering_id, step_page, stored_rows,
};
use crate::{
    components::*,
    form::FormFields,
    offering_form::description_texts,
    page::{Area, page_with_area},
    reply::FormReply,
    server_fns::offerings::{
        DescriptionChoices, OfferingStep, load_description_choices, load_markdown, load_offering_step,
    },
};

#[component]
pub fn DescribePage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id.clone(), "save_description".to_owned()).await?;
        let around = load_description_choices(id).await?;
        let OfferingStep { offering, reply, .. } = facts;
        let area = area_of(&offering);
        let main = if is_editable(&offering) {
            view! { <Description offering=offering.clone() around=around reply=reply/> }.into_any()
        } else {
            let words = load_markdown(offering.description.clone()).await?;
            view! { <Stored offering=offering.clone() audience=around.audience words=words/> }.into_any()
        };
        Ok((area, step_page(Step::Describe, &offering, main, None)))
    })
}

#[component]
fn Description(offering: OfferingDetail, around: DescriptionChoices, reply: FormReply) -> impl IntoView {
    let audience = around.audience.clone();
    let FormFields(mut stored) = description_texts(&offering, &audience);
    let FormFields(attributes) =
        attribute_texts(&offering.attribute_schema, "attributes", &offering.attributes);
    stored.extend(attributes);
    let what = view! {
        <Words offering=offering.clone() reply=reply.clone()/>
        <CategoryField offering=offering.clone() around=around reply=reply.clone()/>
    };
    let sight = view! { <Sight offering=offering.clone() audience=audience reply=reply.clone()/> };
    view! {
        <Form action="/fn/save_description" label="Description">
            <ErrorSummary errors=reply.errors() title="The description was not saved."/>
            <Conflict stored=FormFields(stored) reply=reply.clone()/>
            <OfferingReference offering=offering.clone()/>
            <Section title="What it is">{what}</Section>
            <Attributes offering=offering reply=reply/>
            <Section title="Who can order it">{sight}</Section>
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-description">
                    "Save"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}

/// The description of what is archived, or shown to those who only read; `words` is the long one as HTML.
#[component]
fn Stored(offering: OfferingDetail, audience: Vec<String>, words: String) -> impl IntoView {
    let title = if offering.summary.state.is_editable() {
        "What it is"
    } else {
        "What it was"
    };
    let shown_to = match offering.visibility {
        Visibility::Shared => offering.visibility.label().to_owned(),
        Visibility::Private => audience.join(", "),
    };
    let decides = if offering.provider_approval { "Yes" } else { "No" };
    let attributes = stored_rows(&offering.attribute_schema, &offering.attributes);
    let words = (!words.is_empty()).then(|| view! { <Markdown html=words/> });
    view! {
        <Section title=title>
            <KeyValues>
                <KeyValue label="Name">{offering.summary.name}</KeyValue>
                <KeyValue label="Summary">{offering.summary.summary}</KeyValue>
                <KeyValue label="Category">{offering.summary.category_name}</KeyValue>
                <KeyValue label="Shown to">{shown_to}</KeyValue>
                <KeyValue label="The provider decides on each order">{decides}</KeyValue>
                {attributes}
            </KeyValues>
            {words}
        </Section>
    }
}

#[component]
fn Words(offering: OfferingDetail, reply: FormReply) -> impl IntoView {
    view! {
        <TextField
            name="name"
            label="Name"
            value=reply.value_or("name", offering.summary.name)
            error=reply.error("name")
            maxlength=150
            required=true
        />
        <TextField
            name="summary"
            label="Summary"
            value=reply.value_or("summary", offering.summary.summary)
            help="One sentence that buyers see in the list."
            error=reply.error("summary")
            maxlength=200
        />
        <MarkdownField
            name="description"
            label="Description"
            value=reply.value_or("description", offering.description)
            help="What a buyer gets, for whom it is, and how to begin."
            error=reply.error("description")
            rows=10
            maxlength=20000
        />
    }
}

#[component]
fn CategoryField(offering: OfferingDetail, around: DescriptionChoices, reply: FormReply) -> impl IntoView {
    let categories = around
        .categories
        .into_iter()
        .map(|one| Choice::new(one.slug, one.name))
        .collect::<Vec<_>>();
    view! {
        <Select
            name="category"
            label="Category"
            choices=categories
            value=reply.value_or("category", offering.summary.category_slug)
            placeholder="Choose one"
            help="Its questions appear below once the category is saved."
            error=reply.error("category")
            width=FieldWidth::Half
            required=true
        />
    }
}

/// What the category asks about every offering in it.
#[component]
fn Attributes(offering: OfferingDetail, reply: FormReply) -> impl IntoView {
    let title = format!("About {}", offering.summary.category_name);
    (!offering.attribute_schema.is_empty()).then(|| {
        view! {
            <Section title=title id="attributes" lead="Buyers compare and filter by these.">
                <AttributeForm
                    schema=offering.attribute_schema
                    prefix="attributes"
                    reply=reply
                    values=offering.attributes
                />
            </Section>
        }
    })
}

#[component]
fn Sight(offering: OfferingDetail, audience: Vec<String>, reply: FormReply) -> impl IntoView {
    let visibility = offering.visibility.as_str();
    view! {
        <RadioGroup
            name="visibility"
            legend="Shown to"
            choices=choices!(Visibility)
            value=reply.value_or("visibility", visibility)
            error=reply.error("visibility")
            required=true
        />
        <TextArea
            name="audience"
            label="Organizations"
            rows=2
            value=reply.value_or("audience", audience.join("\n"))
            help="Short names, one on each line. They count while it is shown to named organizations."
            error=reply.error("audience")
        />
        <Checkbox
            name="provider_approval"
            label="You also decide on each order"
            checked=reply.checked_or("provider_approval", offering.provider_approval)
            help="An order then waits for somebody of your team before it is carried out."
        />
    }
}
