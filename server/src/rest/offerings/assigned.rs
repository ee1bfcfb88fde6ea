//! The backends that providers may use. Those who run the portal assign them; providers read what they have.

use std::sync::Arc;

use axum::extract::State;
use domain::catalogue::SentValues;
use http::StatusCode;
use model::{AssignedBackend, AssignedBackendId, OrganizationId, PluginFacts};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::drafts::choice;
use crate::rest::Json;
use crate::{
    rest::{
        ApiProblem, Created,
        extract::{Body, Caller, IdOf, IdsOf, Services},
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_assigned_backends, assign_backend))
        .routes(routes!(get_assigned_backend, withdraw_backend))
}

/// Lists the backends that a provider may use, in the order in which they were assigned; for the provider's people, staff and
/// support.
#[utoipa::path(get, path = "/providers/{id}/backends", tag = "Offerings", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = Vec<AssignedBackend>)))]
async fn list_assigned_backends(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdOf(provider): IdOf<OrganizationId>,
) -> Result<Json<Vec<AssignedBackend>>, ApiProblem> {
    Ok(Json(
        domain
            .catalogue()
            .assigned_backends(&actor, provider, &plugins)
            .await?,
    ))
}

/// Reads a backend that a provider may use.
#[utoipa::path(get, path = "/providers/{id}/backends/{backend}", tag = "Offerings",
    params(("id" = OrganizationId, Path), ("backend" = AssignedBackendId, Path)),
    responses((status = 200, body = AssignedBackend)))]
async fn get_assigned_backend(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdsOf(provider, backend): IdsOf<OrganizationId, AssignedBackendId>,
) -> Result<Json<AssignedBackend>, ApiProblem> {
    Ok(Json(
        domain
            .catalogue()
            .assigned_backend(&actor, provider, backend, &plugins)
            .await?,
    ))
}

/// A backend that a provider shall be able to use.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAssignedBackend {
    /// Kind of a plugin, as in `/plugins`.
    #[schema(max_length = 50)]
    plugin: String,
    /// What may be named in the settings of offerings, by key: the form is the `assigned` of the plugin. A text allows exactly that, a
    /// list any of its entries.
    settings: serde_json::Map<String, serde_json::Value>,
}

/// Assigns a backend to a provider; for staff. Its offerings may name from then on what the settings hold.
#[utoipa::path(post, path = "/providers/{id}/backends", tag = "Offerings", params(("id" = OrganizationId, Path)),
    request_body = NewAssignedBackend, responses((status = 201, body = AssignedBackend)))]
async fn assign_backend(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdOf(provider): IdOf<OrganizationId>,
    Body(new): Body<NewAssignedBackend>,
) -> Result<Created<Json<AssignedBackend>>, ApiProblem> {
    let choice = choice(&plugins, &new.plugin)?;
    let catalogue = domain.catalogue();
    let settings = SentValues::Json(new.settings.into());
    let id = catalogue
        .assign_backend(&actor, provider, &choice, settings)
        .await?;
    let made = catalogue.assigned_backend(&actor, provider, id, &plugins).await?;
    Ok(Created::at(
        format_args!("/providers/{provider}/backends/{id}"),
        Json(made),
    ))
}

/// Takes a backend away from a provider; for staff. What runs on it goes on and can be ended; orders that would make or change
/// something there fail, say why, and can be tried again once it is assigned again.
#[utoipa::path(delete, path = "/providers/{id}/backends/{backend}", tag = "Offerings",
    params(("id" = OrganizationId, Path), ("backend" = AssignedBackendId, Path)),
    responses((status = 204)))]
async fn withdraw_backend(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(provider, backend): IdsOf<OrganizationId, AssignedBackendId>,
) -> Result<StatusCode, ApiProblem> {
    domain
        .catalogue()
        .withdraw_backend(&actor, provider, backend)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
