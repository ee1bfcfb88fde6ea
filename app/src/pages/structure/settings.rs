use leptos::prelude::*;
use leptos_meta::Title;

use super::{LegalFields, ProviderFields, id_in_address};
use crate::{
    components::*,
    form::FormFields,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::structure::{Settings, load_settings},
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Organization(id.clone()), async move {
        Ok(whole(load_settings(id).await?))
    })
}

fn whole(facts: Settings) -> impl IntoView {
    let Settings {
        id,
        name,
        runs_portal,
        state,
        stored,
        reply,
    } = facts;
    let up = Breadcrumb::to(name, routes::organization(&id));
    view! {
        <Title text="Settings"/>
        <PageHeader
            title="Settings"
            breadcrumbs=vec![up, Breadcrumb::here("Settings")]
            lead="They stand on the documents of the month that runs and later ones. Documents of months that are over keep name, numbers and address; e-mail and bank account are those of the day on which a document is issued."
        />
        <Section>
            <SettingsForm id=id runs_portal=runs_portal state=state stored=stored reply=reply/>
        </Section>
    }
}

#[component]
fn SettingsForm(
    id: String,
    runs_portal: bool,
    state: String,
    stored: FormFields,
    reply: FormReply,
) -> impl IntoView {
    // Who does not run the portal is not asked for how it sells.
    let asked = |name: &String| reply.fields.has(name) || runs_portal;
    let shown = FormFields(stored.0.into_iter().filter(|(name, _)| asked(name)).collect());
    let selling = runs_portal.then(|| view! { <ProviderFields reply=reply.clone()/> });
    view! {
        <Form action="/fn/save_organization" label="Settings">
            <ErrorSummary errors=reply.errors() title="The settings were not saved."/>
            <Conflict stored=shown reply=reply.clone()/>
            <HiddenField name="organization" value=id/>
            <HiddenField name="revision" value=state/>
            <TextField
                name="name"
                label="Name"
                value=reply.value_or("name", "")
                error=reply.error("name")
                maxlength=150
                required=true
            />
            <LegalFields reply=reply.clone() chooses_currency=runs_portal/>
            {selling}
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-organization">
                    "Save"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
