use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{AssignedBackend, PluginFacts};

use crate::{
    components::*,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::admin::backends::{ProviderBackends, load_assigned_backends},
};

#[component]
pub fn AssignedBackendsPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page(Area::Staff, async move {
        Ok(backends(load_assigned_backends(id).await?))
    })
}

fn backends(facts: ProviderBackends) -> impl IntoView {
    let title = format!("Backends of {}", facts.name);
    let breadcrumbs = vec![
        Breadcrumb::to("Organizations", routes::admin("organizations")),
        Breadcrumb::to(facts.name.clone(), routes::organization(&facts.provider)),
        Breadcrumb::here("Backends"),
    ];
    let refused = view! { <ErrorSummary errors=facts.kept.errors() title="It was not taken away."/> };
    let form = (facts.can_manage && facts.sells)
        .then(|| assigning(&facts.provider, &facts.plugins, &facts.chosen, facts.reply));
    let rows = if facts.assigned.is_empty() {
        let why = if facts.sells {
            "Its offerings cannot name a backend that has to be assigned."
        } else {
            "This organization does not sell, so it needs none."
        };
        view! { <EmptyState illustration=Illustration::Server title="Nothing is assigned">{why}</EmptyState> }
            .into_any()
    } else {
        table(facts.assigned, &facts.plugins, facts.can_manage).into_any()
    };
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            lead="What the settings of its offerings may name. A provider cannot name, try or use anything else of these backends."
            breadcrumbs=breadcrumbs
        />
        {refused}
        <Section flush=true>{rows}</Section>
        {form}
    }
}

fn table(assigned: Vec<AssignedBackend>, plugins: &[PluginFacts], can_manage: bool) -> impl IntoView + use<> {
    let mut columns = vec![
        Column::text("Backend"),
        Column::text("Allows"),
        Column::text("Used by"),
        Column::text("Assigned").hide_phone(),
    ];
    if can_manage {
        columns.push(Column::actions());
    }
    let rows: Vec<_> = assigned
        .into_iter()
        .map(|one| {
            let plugin = plugins.iter().find(|plugin| plugin.kind == one.plugin);
            row(one, plugin, can_manage)
        })
        .collect();
    view! { <DataTable caption="Assigned backends" columns=columns>{rows}</DataTable> }
}

fn row(one: AssignedBackend, plugin: Option<&PluginFacts>, can_manage: bool) -> impl IntoView + use<> {
    let title = plugin.map_or_else(|| one.plugin.clone(), |plugin| plugin.title.clone());
    let allows = plugin.map_or_else(
        || one.settings.to_string(),
        |plugin| plugin.allows_in_words(&one.settings),
    );
    let used: Vec<_> = one
        .offerings
        .iter()
        .map(|offering| {
            let href = routes::offering_step(offering.id, "provisioning");
            view! { <a href=href>{offering.name.clone()}</a> <br/> }
        })
        .collect();
    let used = if used.is_empty() {
        view! { <span class="muted">"No offering"</span> }.into_any()
    } else {
        used.into_any()
    };
    let button = can_manage.then(|| withdrawing(&one, &allows));
    let button = button.map(|button| view! { <ActionsCell>{button}</ActionsCell> });
    view! {
        <Row>
            <Cell main=true>{title}</Cell>
            <Cell label="Allows">{allows}</Cell>
            <Cell label="Used by">{used}</Cell>
            <Cell label="Assigned" hide_phone=true><DateText at=one.assigned_at/></Cell>
            {button}
        </Row>
    }
}

/// The button of a row, with the question that it asks first: whom it will concern.
fn withdrawing(one: &AssignedBackend, allows: &str) -> impl IntoView + use<> {
    let dialog = format!("withdraw-{}", one.id);
    let fields = vec![
        ("provider".to_owned(), one.provider_id.to_string()),
        ("backend".to_owned(), one.id.to_string()),
        ("plugin".to_owned(), one.plugin.clone()),
    ];
    let names: Vec<&str> = one
        .offerings
        .iter()
        .map(|offering| offering.name.as_str())
        .collect();
    let concerned = if names.is_empty() {
        "No offering uses it.".to_owned()
    } else {
        format!("It is used by: {}.", names.join(", "))
    };
    let allows = allows.to_owned();
    view! {
        <DialogButton for_id=dialog.clone() kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="withdraw-backend">
            "Take away"
        </DialogButton>
        <ConfirmDialog
            id=dialog
            title="Take this backend away?"
            action="/fn/withdraw_backend"
            confirm="Take away"
            danger=true
            fields=fields
        >
            <p>{allows}</p>
            <p>{concerned}</p>
            <p>
                "What runs there goes on and can be ended. Orders that would make or change something fail, and say why, unless "
                "another backend allows the same."
            </p>
        </ConfirmDialog>
    }
}

/// The form of the chosen plugin, and the ways to those of the others.
fn assigning(
    provider: &str,
    plugins: &[PluginFacts],
    chosen: &str,
    reply: FormReply,
) -> impl IntoView + use<> {
    let others: Vec<_> = plugins
        .iter()
        .filter(|plugin| plugin.kind != chosen)
        .map(|plugin| {
            let href = format!("{}?plugin={}", routes::assigned_backends(provider), plugin.kind);
            let title = plugin.title.clone();
            view! { <LinkButton href=href kind=ButtonKind::Quiet>{title}</LinkButton> }
        })
        .collect();
    let Some(plugin) = plugins.iter().find(|plugin| plugin.kind == chosen).cloned() else {
        return view! { <p class="muted">"No plugin of this portal has backends that must be assigned."</p> }
            .into_any();
    };
    let title = format!("Assign: {}", plugin.title);
    let (provider, kind) = (provider.to_owned(), plugin.kind);
    view! {
        <Section title=title id="assign" actions=others.into_any()>
            <Form action="/fn/assign_backend" label="Assign a backend">
                <ErrorSummary errors=reply.errors() title="It was not assigned."/>
                <HiddenField name="provider" value=provider/>
                <HiddenField name="plugin" value=kind/>
                <AttributeForm schema=plugin.assigned prefix="settings" reply=reply/>
                <FormActions>
                    <SubmitButton busy="Assigning…" attr:data-test="assign-backend">
                        "Assign"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
    .into_any()
}
