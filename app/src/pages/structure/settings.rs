use leptos::prelude::*;
use leptos_meta::Title;

use super::{LegalFields, ProviderFields, SellerFields, id_in_address};
use crate::{
    components::*,
    form::FormFields,
    page::{Area, page},
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
    let up = Breadcrumb::to(facts.name.clone(), routes::organization(&facts.id));
    view! {
        <Title text="Settings"/>
        <PageHeader
            title="Settings"
            breadcrumbs=vec![up, Breadcrumb::here("Settings")]
            lead="What stands on its documents counts for the month that runs and later ones; what is saved within its last 14 hours (UTC), for the next and later ones. Documents of months that are over keep name, numbers and address; e-mail and bank account are those of the day on which a document is issued."
        />
        <Section>
            <SettingsForm facts=facts/>
        </Section>
    }
}

#[component]
fn SettingsForm(facts: Settings) -> impl IntoView {
    let Settings {
        id,
        runs_portal,
        sells,
        zone_from,
        state,
        stored,
        reply,
        ..
    } = facts;
    // Who does not run the portal is not asked for how it sells.
    let asked = |name: &String| reply.fields.has(name) || runs_portal;
    let shown = FormFields(stored.0.into_iter().filter(|(name, _)| asked(name)).collect());
    let selling = if runs_portal {
        view! { <ProviderFields reply=reply.clone()/> }.into_any()
    } else if sells {
        let reply = reply.clone();
        view! { <Fieldset legend="Where it sells"><SellerFields reply=reply/></Fieldset> }.into_any()
    } else {
        ().into_any()
    };
    let zone_from = zone_from.map(|month| {
        view! {
            <Banner tone=Tone::Info>
                {format!("Its time zone was changed: the new one counts from {} on, the one before until then.", month.title())}
            </Banner>
        }
    });
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
            {zone_from}
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
