use leptos::prelude::*;
use leptos_meta::Title;

use super::{approval_limit_help, id_in_address};
use crate::{
    components::*,
    page::{Area, page},
    routes,
    server_fns::durations::{ProjectForm, load_project_form},
};

#[component]
pub fn ProjectSettingsPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Project(id.clone()), async move {
        Ok(whole(load_project_form(id).await?))
    })
}

fn whole(facts: ProjectForm) -> impl IntoView {
    let up = Breadcrumb::to(facts.project.name.clone(), routes::project(facts.project.id));
    view! {
        <Title text="Settings"/>
        <PageHeader
            title="Settings"
            breadcrumbs=vec![up, Breadcrumb::here("Settings")]
            lead="Everything in the project ends in the night after its last day, which is included; what its provider keeps for some days of grace, after those. What was paid up front for longer is not given back."
        />
        <Section>
            <SettingsForm facts=facts/>
        </Section>
    }
}

#[component]
fn SettingsForm(facts: ProjectForm) -> impl IntoView {
    let ProjectForm {
        project,
        currency,
        may_set_limit,
        state,
        stored,
        reply,
    } = facts;
    let day = |name: &'static str,
               label: &'static str,
               stored: Option<chrono::NaiveDate>,
               help: &'static str| {
        let stored = stored.map(|day| day.to_string()).unwrap_or_default();
        view! { <DateField name=name label=label value=reply.value_or(name, stored) help=help error=reply.error(name)/> }
    };
    let start = day(
        "start_date",
        "First day",
        project.start_date,
        "Nothing can be ordered before it. Empty: it has begun.",
    );
    let end = day("end_date", "Last day", project.end_date, "Empty: it goes on.");
    let limit = project
        .approval_limit
        .map(model::Money::plain)
        .unwrap_or_default();
    let limit = if may_set_limit {
        view! {
            <MoneyField
                name="approval_limit"
                label="Its managers may commit up to"
                currency=currency
                value=reply.value_or("approval_limit", limit)
                help=approval_limit_help()
                error=reply.error("approval_limit")
            />
        }
        .into_any()
    } else {
        // Whoever is bound by it sends it back as it is.
        let said = project
            .approval_limit
            .map_or_else(|| "Nothing: all orders wait for an owner".to_owned(), money_text);
        view! {
            <HiddenField name="approval_limit" value=limit/>
            <KeyValues>
                <KeyValue label="Its managers may commit up to">{said}</KeyValue>
            </KeyValues>
        }
        .into_any()
    };
    view! {
        <Form action="/fn/save_project" label="Settings">
            <ErrorSummary errors=reply.errors() title="The project was not saved."/>
            <Conflict stored=stored reply=reply.clone()/>
            <HiddenField name="project" value=project.id.to_string()/>
            <HiddenField name="revision" value=state/>
            <TextField
                name="name"
                label="Name"
                value=reply.value_or("name", project.name)
                error=reply.error("name")
                maxlength=150
                required=true
            />
            <TextArea
                name="description"
                label="Description"
                rows=3
                value=reply.value_or("description", project.description)
                error=reply.error("description")
                maxlength=2000
            />
            <FormGrid>{start} {end}</FormGrid>
            {limit}
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-project">
                    "Save"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
