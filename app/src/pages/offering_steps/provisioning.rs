use leptos::prelude::*;
use model::{
    ConnectionState, ConnectionTest, OfferingDetail, PluginFacts, Schema, first_unassigned, narrowed,
};
use serde_json::Value as Json;

use super::step::{
    OfferingReference, Step, area_of, is_editable, offering_id, offering_reference, step_page, stored_rows,
};
use crate::{
    components::*,
    form::FormFields,
    islands::LiveValidation,
    page::{Area, page_with_area},
    reply::FormReply,
    server_fns::offerings::{Backends, OfferingStep, load_backends, load_offering_step},
};

const FORM: &str = "provisioning";

#[component]
pub fn ProvisioningPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id.clone(), "save_plugin".to_owned()).await?;
        let backends = load_backends(id).await?;
        let (offering, area) = (facts.offering.clone(), area_of(&facts.offering));
        let main = view! { <Provisioning facts=facts backends=backends/> };
        Ok((
            area,
            step_page(Step::Provisioning, &offering, main.into_any(), None),
        ))
    })
}

#[component]
fn Provisioning(facts: OfferingStep, backends: Backends) -> impl IntoView {
    let OfferingStep {
        offering,
        reply,
        asked,
    } = facts;
    let mut plugins = backends.plugins;
    if !is_editable(&offering) {
        plugins.retain(|plugin| plugin.kind == offering.plugin);
    }
    let start = if offering.plugin.is_empty() {
        asked.text("plugin")
    } else {
        offering.plugin.as_str()
    };
    let chosen = reply.value_or("plugin", start);
    let of_kind = |kind: &str| plugins.iter().find(|plugin| plugin.kind == kind).cloned();
    let (chosen, stored) = (of_kind(&chosen), of_kind(&offering.plugin));
    let own = chosen
        .as_ref()
        .and_then(|chosen| backends.assigned.get(&chosen.kind))
        .cloned()
        .unwrap_or_default();
    let is_tested = stored.as_ref().is_some_and(|stored| !stored.by_hand);
    let test = is_tested.then(|| view! { <Connection offering=offering.clone() test=backends.test/> });
    let settings = if !offering.can_edit {
        view! { <StoredSettings offering=offering plugin=stored assigned=own/> }.into_any()
    } else if plugins.is_empty() {
        view! { <p class="muted">"No plugin was chosen before it was archived."</p> }.into_any()
    } else {
        view! { <SettingsForm offering=offering plugins=plugins chosen=chosen assigned=own reply=reply/> }
            .into_any()
    };
    view! {
        <Section title="How it is provisioned" id="settings" lead="What happens when an order is approved.">
            {settings}
        </Section>
        {test}
    }
}

/// The plugin and its settings, to those who only read.
#[component]
fn StoredSettings(
    offering: OfferingDetail,
    plugin: Option<PluginFacts>,
    assigned: Vec<Json>,
) -> impl IntoView {
    let Some(plugin) = plugin else {
        return view! { <p class="muted">"No plugin is chosen."</p> }.into_any();
    };
    let backends: Vec<&Json> = assigned.iter().collect();
    let lost = not_assigned(&plugin, &backends, &offering.settings);
    let settings = stored_rows(&plugin.settings, &offering.settings);
    view! {
        {lost}
        <KeyValues>
            <KeyValue label="Plugin">{plugin.title}</KeyValue>
            {settings}
        </KeyValues>
    }
    .into_any()
}

/// The plugins and the settings of the one that is chosen. Choosing another shows its settings: at once with scripts, by
/// the button without.
#[component]
fn SettingsForm(
    offering: OfferingDetail,
    plugins: Vec<PluginFacts>,
    chosen: Option<PluginFacts>,
    assigned: Vec<Json>,
    reply: FormReply,
) -> impl IntoView {
    let stored = stored(&offering, &plugins);
    let cards: Vec<Choice> = plugins
        .into_iter()
        .map(|one| Choice::new(one.kind, one.title).hint(one.description))
        .collect();
    let kind = chosen
        .as_ref()
        .map(|chosen| chosen.kind.clone())
        .unwrap_or_default();
    let settings = chosen.map(|chosen| {
        view! { <Settings offering=offering.clone() plugin=chosen assigned=assigned reply=reply.clone()/> }
    });
    view! {
        <Form action="/fn/save_plugin" label="Provisioning" id=FORM>
            <ErrorSummary errors=reply.errors() title="The settings were not saved."/>
            <Conflict stored=stored reply=reply.clone()/>
            <OfferingReference offering=offering/>
            <div data-choose="choose-plugin" class="stack">
                <RadioCards
                    name="plugin"
                    legend="Plugin"
                    choices=cards
                    value=kind
                    error=reply.error("plugin")
                    required=true
                />
                <div class="no-js">
                    <SubmitButton
                        kind=ButtonKind::Secondary
                        formaction="/fn/choose_plugin"
                        attr:id="choose-plugin"
                        attr:data-test="choose-plugin"
                    >
                        "Show its settings"
                    </SubmitButton>
                </div>
            </div>
            {settings}
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-settings">
                    "Save"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}

/// The plugin and its settings as they are stored, by field name.
fn stored(offering: &OfferingDetail, plugins: &[PluginFacts]) -> FormFields {
    let plugin = plugins.iter().find(|plugin| plugin.kind == offering.plugin);
    let settings = plugin.map(|one| attribute_texts(&one.settings, "settings", &offering.settings));
    let FormFields(mut texts) = settings.unwrap_or_default();
    texts.insert("plugin".to_owned(), vec![offering.plugin.clone()]);
    FormFields(texts)
}

#[component]
fn Settings(
    offering: OfferingDetail,
    plugin: PluginFacts,
    assigned: Vec<Json>,
    reply: FormReply,
) -> impl IntoView {
    let own = plugin.kind == offering.plugin;
    let values = if own {
        offering.settings
    } else {
        serde_json::Value::Null
    };
    // Of a plugin that was only just chosen nothing was typed yet: its fields start with their defaults.
    let typed = plugin
        .settings
        .fields
        .iter()
        .any(|field| reply.fields.has(&format!("settings.{}", field.key)));
    let reply = if typed { reply } else { FormReply::default() };
    let secret = plugin
        .settings
        .fields
        .iter()
        .any(|field| field.kind == model::FieldKind::Secret);
    let kept = (own && secret).then(|| {
        view! { <p class="muted small">"Secrets are stored sealed and never shown. Leave one empty to keep it."</p> }
    });
    let backends: Vec<&Json> = assigned.iter().collect();
    let schema = narrowed(&plugin.settings, &plugin.assigned, &backends);
    // A secret that is left empty is kept, which only the server can tell.
    let open = schema
        .fields
        .iter()
        .filter(|field| field.kind != model::FieldKind::Secret);
    let checked = Schema::new(open.cloned().collect());
    let may_use = may_use(&plugin, &backends, own.then_some(&values));
    if plugin.settings.is_empty() {
        return view! { <p class="muted">"It needs no settings."</p> }.into_any();
    }
    view! {
        <Fieldset legend=format!("Settings of {}", plugin.title)>
            {may_use}
            {kept}
            <LiveValidation form=FORM.to_owned() prefix="settings".to_owned() schema=checked/>
            <AttributeForm schema=schema prefix="settings" reply=reply values=values/>
        </Fieldset>
    }
    .into_any()
}

/// What is assigned to the provider, and what of the stored settings is not any more.
fn may_use(plugin: &PluginFacts, backends: &[&Json], stored: Option<&Json>) -> Option<AnyView> {
    if plugin.assigned.is_empty() {
        return None;
    }
    if backends.is_empty() {
        let words = "No backend of this kind is assigned to you. Ask those who run this portal to assign one; then choose it here.";
        return Some(view! { <Banner tone=Tone::Waiting>{words}</Banner> }.into_any());
    }
    let lost = stored.and_then(|stored| not_assigned(plugin, backends, stored));
    let lines: Vec<_> = backends
        .iter()
        .map(|backend| view! { <li>{plugin.allows_in_words(backend)}</li> })
        .collect();
    Some(
        view! {
            {lost}
            <div class="muted small">"Assigned to you, each as a whole:" <ul>{lines}</ul></div>
        }
        .into_any(),
    )
}

/// What of the stored settings is not assigned to the provider.
fn not_assigned(plugin: &PluginFacts, backends: &[&Json], stored: &Json) -> Option<AnyView> {
    let lost = first_unassigned(&plugin.settings, &plugin.assigned, stored, backends)?;
    let words = lost.fault().message;
    Some(
        view! {
            <Banner tone=Tone::Bad title="The saved settings may not be used any more">
                {words}
                " Until then orders that make or change something fail; what runs goes on."
            </Banner>
        }
        .into_any(),
    )
}

/// The test of what is stored. It runs in the background; this part follows it.
#[component]
fn Connection(offering: OfferingDetail, test: ConnectionTest) -> impl IntoView {
    let running = test.state == ConnectionState::Running;
    let button = offering.can_edit.then(|| view! {
        <Form action="/fn/request_connection_test" guard=false label="Test the connection">
            <HiddenFields fields=offering_reference(&offering, &[])/>
            <SubmitButton kind=ButtonKind::Secondary icon=Icon::Activity disabled=running attr:data-test="test-connection">
                "Test connection"
            </SubmitButton>
        </Form>
    });
    view! {
        <Section title="Connection" id="connection" lead="Tries the settings as they are saved. Nothing on the backend is changed.">
            <PolledRegion id="connection-test" waiting=running>
                <div data-test="connection-result">{result(test)}</div>
                {button}
            </PolledRegion>
        </Section>
    }
}

fn result(test: ConnectionTest) -> AnyView {
    let at = test.at.map(|at| view! { <RelativeTime at=at/> });
    let said = |otherwise: &str| {
        if test.message.is_empty() {
            otherwise.to_owned()
        } else {
            test.message.clone()
        }
    };
    let (good, bad) = (
        said("The backend answered as it should."),
        said("The backend did not answer."),
    );
    match test.state {
        ConnectionState::None => {
            view! { <p class="muted">"These settings have not been tested yet."</p> }.into_any()
        }
        ConnectionState::Running => view! { <Busy label="Testing the connection…"/> }.into_any(),
        ConnectionState::Ok => view! {
            <Banner tone=Tone::Good title="Connected">
                {good} " " <span class="muted small">{at}</span>
            </Banner>
        }
        .into_any(),
        ConnectionState::Failed => view! {
            <Banner tone=Tone::Bad title="The connection failed">
                {bad} " " <span class="muted small">{at}</span>
            </Banner>
        }
        .into_any(),
    }
}
