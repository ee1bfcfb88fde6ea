//! The backends that a provider may use: what staff sees, assigns and takes away.

use leptos::prelude::*;
use model::{AssignedBackend, PluginFacts};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, reply::FormReply};

/// What is assigned to a provider, and the form that assigns more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderBackends {
    /// The provider.
    pub provider: String,
    /// Its name.
    pub name: String,
    /// Whether the organization sells at all.
    pub sells: bool,
    /// What it may use.
    pub assigned: Vec<AssignedBackend>,
    /// The plugins of which something has to be assigned.
    pub plugins: Vec<PluginFacts>,
    /// The one whose form is shown, by kind; the first where the address names none.
    pub chosen: String,
    /// What was typed into that form and refused, if anything.
    pub reply: FormReply,
    /// Why the last one was not taken away, if it was refused.
    pub kept: FormReply,
    /// Whether the person may assign backends and take them away.
    pub can_manage: bool,
}

/// The backends that a provider may use, for those who operate the installation or read all of it.
#[server(prefix = "/fn", endpoint = "load_assigned_backends")]
pub async fn load_assigned_backends(id: String) -> Result<ProviderBackends, AppError> {
    use crate::ssr;
    use domain::access::Target;
    let (actor, domain, id) = (ssr::staff()?, ssr::domain()?, ssr::id(&id)?);
    let organization = domain.structure().organization(&actor, id).await?;
    let plugins = ssr::plugins()?;
    let assigned = domain.catalogue().assigned_backends(&actor, id, &plugins).await?;
    let plugins: Vec<PluginFacts> = plugins
        .iter()
        .filter(|plugin| !plugin.assigned.is_empty())
        .cloned()
        .collect();
    let asked = ssr::query_value("plugin")?;
    let chosen = plugins.iter().find(|plugin| plugin.kind == asked);
    let chosen = chosen.or(plugins.first());
    Ok(ProviderBackends {
        provider: id.to_string(),
        name: organization.name,
        sells: organization.is_provider,
        assigned,
        chosen: chosen.map(|plugin| plugin.kind.clone()).unwrap_or_default(),
        plugins,
        reply: ssr::take_reply("assign_backend").await?,
        kept: ssr::take_reply("withdraw_backend").await?,
        can_manage: actor.may(model::Permission::ManageBackend, &Target::provider(id)),
    })
}

/// Assigns a backend to a provider.
#[server(prefix = "/fn", endpoint = "assign_backend")]
pub async fn assign_backend() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    use domain::catalogue::SentValues;
    ssr::post(
        "assign_backend",
        form_page,
        async |Sent { form, fields }: Sent<forms::AssignBackend>| {
            let choice = offering_forms::plugin_choice(&form.plugin)?;
            let settings = SentValues::Form(fields.under("settings"));
            ssr::domain()?
                .catalogue()
                .assign_backend(&ssr::actor()?, form.provider, &choice, settings)
                .await?;
            ssr::flash("Assigned. The provider's offerings may name it from now on.").await?;
            Ok(form_page(&fields))
        },
    )
    .await
}

/// Takes a backend away from a provider.
#[server(prefix = "/fn", endpoint = "withdraw_backend")]
pub async fn withdraw_backend() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms};
    ssr::post(
        "withdraw_backend",
        form_page,
        async |Sent { form, fields }: Sent<forms::WithdrawBackend>| {
            ssr::domain()?
                .catalogue()
                .withdraw_backend(&ssr::actor()?, form.provider, form.backend)
                .await?;
            ssr::flash(
                "Taken away. What runs goes on; what no other backend allows is not made there any more.",
            )
            .await?;
            Ok(form_page(&fields))
        },
    )
    .await
}

/// The page of the provider that a form is about, with the form of the same plugin. Only an id leads there.
#[cfg(feature = "ssr")]
fn form_page(form: &crate::form::FormFields) -> String {
    use crate::{address::encode, routes};
    let Ok(provider) = form.text("provider").parse::<model::OrganizationId>() else {
        return routes::admin("organizations");
    };
    let page = routes::assigned_backends(provider);
    match form.text("plugin") {
        "" => page,
        plugin => format!("{page}?plugin={}", encode(plugin)),
    }
}
