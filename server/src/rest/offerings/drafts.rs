//! A draft and what it says: texts, category, request form, plugin.

use std::sync::Arc;

use axum::{extract::State, response::IntoResponse};
use domain::{
    Domain,
    catalogue::{PluginChoice, SentSettings},
};
use http::StatusCode;
use model::{
    Kind, OfferingDetail, OfferingDraft, OfferingId, OfferingSummary, OrganizationId, Page, PluginFacts,
    Problem, Schema,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::shown;
use crate::rest::Json;
use crate::{
    rest::{
        ApiProblem,
        extract::{Body, Caller, IdOf, Parameters},
        problem::Refusals,
        queries::PageQuery,
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(plugins))
        .routes(routes!(of_provider))
        .routes(routes!(create))
        .routes(routes!(describe))
        .routes(routes!(set_request_form))
        .routes(routes!(set_plugin))
}

/// Lists the plugins that offerings can be provisioned by, with the settings that each needs.
#[utoipa::path(get, path = "/plugins", tag = "Offerings", responses((status = 200, body = Vec<PluginFacts>), Refusals))]
async fn plugins(
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(_): Caller,
) -> Result<Json<Vec<PluginFacts>>, ApiProblem> {
    Ok(Json(plugins.to_vec()))
}

/// Lists a provider's offerings by name, drafts included; for the provider's people.
#[utoipa::path(get, path = "/providers/{id}/offerings", tag = "Offerings",
    params(("id" = OrganizationId, Path), PageQuery),
    responses((status = 200, body = Page<OfferingSummary>), Refusals))]
async fn of_provider(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(provider): IdOf<OrganizationId>,
    Parameters(page): Parameters<PageQuery>,
) -> Result<Json<Page<OfferingSummary>>, ApiProblem> {
    Ok(Json(
        domain
            .catalogue()
            .provider_offerings(&actor, provider, &page.request()?)
            .await?,
    ))
}

/// The beginning of an offering.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOffering {
    /// Who sells it.
    provider_id: OrganizationId,
    /// 1 to 150 characters.
    #[schema(min_length = 1, max_length = 150)]
    name: String,
}

/// Makes a draft.
#[utoipa::path(post, path = "/offerings", tag = "Offerings", request_body = NewOffering,
    responses((status = 201, body = OfferingDetail), Refusals))]
async fn create(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Body(new): Body<NewOffering>,
) -> Result<impl IntoResponse, ApiProblem> {
    let id = domain
        .catalogue()
        .create_offering(&actor, new.provider_id, &new.name)
        .await?;
    Ok((StatusCode::CREATED, shown(&domain, &actor, id).await?))
}

/// What an offering says of itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Description {
    /// All of it: what is left out becomes empty.
    draft: OfferingDraft,
    /// The revision that this change was made against.
    revision: i32,
}

/// Replaces texts, category, attributes and visibility.
#[utoipa::path(put, path = "/offerings/{id}", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = Description, responses((status = 200, body = OfferingDetail), Refusals))]
async fn describe(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(change): Body<Description>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    domain
        .catalogue()
        .revise(&actor, id, change.draft, change.revision)
        .await?;
    shown(&domain, &actor, id).await
}

/// What a buyer is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestForm {
    /// All fields in order.
    form: Schema,
    /// The revision that this change was made against.
    revision: i32,
}

/// Replaces the request form. Orders that were placed keep their answers.
#[utoipa::path(put, path = "/offerings/{id}/request-form", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = RequestForm, responses((status = 200, body = OfferingDetail), Refusals))]
async fn set_request_form(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(change): Body<RequestForm>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    domain
        .catalogue()
        .set_request_form(&actor, id, &change.form, change.revision)
        .await?;
    shown(&domain, &actor, id).await
}

/// How an offering is provisioned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Provisioning {
    /// Kind of a plugin, as in `/plugins`.
    #[schema(max_length = 50)]
    plugin: String,
    /// Its settings by key. A secret that is left out or empty stays as it was.
    #[serde(default)]
    settings: serde_json::Map<String, serde_json::Value>,
    /// The revision that this change was made against.
    revision: i32,
}

/// Chooses the plugin and its settings. Other settings than before must be tested before publishing.
#[utoipa::path(put, path = "/offerings/{id}/plugin", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = Provisioning, responses((status = 200, body = OfferingDetail), Refusals))]
async fn set_plugin(
    State(domain): State<Domain>,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(wanted): Body<Provisioning>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    let choice = choice(&plugins, &wanted.plugin)?;
    let settings = SentSettings::Json(wanted.settings.into());
    domain
        .catalogue()
        .set_plugin(&actor, id, &choice, settings, wanted.revision)
        .await?;
    shown(&domain, &actor, id).await
}

fn choice(plugins: &[PluginFacts], kind: &str) -> Result<PluginChoice, ApiProblem> {
    let facts = plugins.iter().find(|one| one.kind == kind).ok_or_else(|| {
        let fault = model::FieldFault::at(
            "plugin",
            "unknown",
            "There is no such plugin. /plugins lists them.",
        );
        ApiProblem(Problem {
            kind: Kind::Invalid,
            ..Problem::invalid(vec![fault])
        })
    })?;
    Ok(PluginChoice {
        kind: facts.kind.clone(),
        settings: facts.settings.clone(),
        by_hand: facts.by_hand,
    })
}
