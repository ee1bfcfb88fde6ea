use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{FieldKind, Schema};
use serde_json::{Map, Value as Json};

use crate::{
    components::*,
    form::FormFields,
    page::{Area, page_with_area},
    routes,
    server_fns::actions::{ActionForm, load_action_form},
};

#[component]
pub fn ActionFormPage() -> impl IntoView {
    let params = use_params_map();
    let part = |name: &str| params.with_untracked(|params| params.get(name).unwrap_or_default());
    let (id, key) = (part("id"), part("key"));
    page_with_area(Area::Market, async move {
        let form = load_action_form(id, key).await?;
        let place = Area::of_project(form.resource.summary.project_id);
        Ok((place, whole(form)))
    })
}

fn whole(form: ActionForm) -> impl IntoView {
    let ActionForm {
        resource,
        offered,
        start,
        reply,
        token,
    } = form;
    let (id, action) = (resource.summary.id, offered.action);
    let (title, name) = (action.title.clone(), resource.summary.name.clone());
    let list = crate::pages::resources::breadcrumb(resource.summary.project_id);
    let by_hand = offered.by_hand.then(|| {
        let words = format!(
            "People of {} do this. You are told when it is done.",
            resource.summary.provider_name
        );
        view! { <Banner tone=Tone::Info title="Done by hand">{words}</Banner> }
    });
    let why_not = offered.why_not.clone();
    let is_possible = why_not.is_empty();
    let not_now = (!is_possible)
        .then(|| view! { <Banner tone=Tone::Waiting title="Not possible now">{why_not}</Banner> });
    let confirmation = (!action.confirmation.is_empty()).then(|| {
        let words = action.confirmation.clone();
        view! { <Banner tone=Tone::Waiting title="What follows from it">{words}</Banner> }
    });
    let kind = if action.confirmation.is_empty() {
        ButtonKind::Primary
    } else {
        ButtonKind::Danger
    };
    let values = chosen(&action.input, &start);
    let button = title.clone();
    let send = is_possible
        .then(|| view! { <SubmitButton kind=kind attr:data-test="ask-for-action">{button}</SubmitButton> });
    view! {
        <Title text=format!("{title}: {name}")/>
        <PageHeader
            title=title.clone()
            breadcrumbs=vec![list, Breadcrumb::to(name, routes::resource(id)), Breadcrumb::here(title.clone())]
            lead=action.description.clone()
        />
        <Section>
            {not_now}
            {by_hand}
            {confirmation}
            <Form action="/fn/ask_for_action" token=token label=title>
                <ErrorSummary errors=reply.errors() title="That was not asked for."/>
                <HiddenField name="resource" value=id.to_string()/>
                <HiddenField name="action" value=action.key/>
                <HiddenField name="from" value="form"/>
                {is_possible.then(|| view! { <AttributeForm schema=action.input prefix="input" reply=reply values=values/> })}
                <FormActions>
                    {send}
                    <LinkButton href=routes::resource(id)>"Back to the resource"</LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}

/// What the address chose already, of the fields that the form has.
fn chosen(input: &Schema, start: &FormFields) -> Json {
    let given = input.fields.iter().filter_map(|field| {
        let text = start.text(&field.key);
        let known = field.kind.choices().iter().any(|choice| choice.value == text);
        let several = matches!(field.kind, FieldKind::MultipleChoice { .. });
        let value = if several {
            Json::from(vec![text])
        } else {
            Json::from(text)
        };
        known.then(|| (field.key.clone(), value))
    });
    Json::Object(given.collect::<Map<_, _>>())
}
