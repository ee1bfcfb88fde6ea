//! A draft and what it says: texts, category, request form, plugin.

use std::sync::Arc;

use axum::extract::State;
use domain::catalogue::{PluginChoice, SentValues};
use model::{Action, OfferingDraft, OfferingId, OfferingSummary, OrganizationId, Page, PluginFacts, Schema};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::shown;
use crate::rest::Json;
use crate::{
    rest::{
        ApiProblem, Created, Versioned,
        extract::{Body, Caller, IdOf, IfMatch, Parameters, Patch, Services},
        queries::{IfMatchHeader, NamedListQuery, PageQuery},
        shapes::offering::OfferingDetail,
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_plugins))
        .routes(routes!(list_provider_offerings))
        .routes(routes!(create_offering))
        .routes(routes!(update_offering))
        .routes(routes!(set_request_form))
        .routes(routes!(set_offering_actions))
        .routes(routes!(set_plugin))
}

/// Lists the plugins that offerings can be provisioned by, with the settings that each needs.
#[utoipa::path(get, path = "/plugins", tag = "Offerings", responses((status = 200, body = Vec<PluginFacts>)))]
async fn list_plugins(
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(_): Caller,
) -> Result<Json<Vec<PluginFacts>>, ApiProblem> {
    Ok(Json(plugins.to_vec()))
}

/// Lists a provider's offerings by name, drafts included; for the provider's people.
#[utoipa::path(get, path = "/providers/{id}/offerings", tag = "Offerings",
    params(("id" = OrganizationId, Path), PageQuery, NamedListQuery),
    responses((status = 200, body = Page<OfferingSummary>)))]
async fn list_provider_offerings(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(provider): IdOf<OrganizationId>,
    Parameters(page): Parameters<PageQuery>,
    Parameters(list): Parameters<NamedListQuery>,
) -> Result<Json<Page<OfferingSummary>>, ApiProblem> {
    Ok(Json(
        domain
            .catalogue()
            .provider_offerings(&actor, provider, &list.list(), &page.request()?)
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
    responses((status = 201, body = OfferingDetail)),
    extensions(("x-versioned" = json!(true))))]
async fn create_offering(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(new): Body<NewOffering>,
) -> Result<Created<Versioned<OfferingDetail>>, ApiProblem> {
    let id = domain
        .catalogue()
        .create_offering(&actor, new.provider_id, &new.name)
        .await?;
    let made = Versioned(shown(&domain, &actor, id).await?);
    Ok(Created::at(format_args!("/offerings/{id}"), made))
}

/// Changes texts, category, attributes and visibility.
#[utoipa::path(patch, path = "/offerings/{id}", tag = "Offerings", params(("id" = OfferingId, Path), IfMatchHeader),
    request_body = OfferingDraft, responses((status = 200, body = OfferingDetail)),
    extensions(("x-problems" = json!(["offering_archived", "would_break"]))))]
async fn update_offering(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    version: IfMatch,
    patch: Patch<OfferingDraft>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    let present = shown(&domain, &actor, id).await?;
    version.check(&present)?;
    let revision = present.revision;
    let draft = patch.applied_to(&draft_of(present))?;
    domain.catalogue().revise(&actor, id, draft, revision).await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

fn draft_of(present: OfferingDetail) -> OfferingDraft {
    OfferingDraft {
        name: present.summary.name,
        summary: present.summary.summary,
        description: present.description,
        terms_of_service: present.terms_of_service,
        category: present.summary.category_slug,
        attributes: present.attributes,
        visibility: Some(present.visibility),
        audience: present.audience,
        provider_approval: present.provider_approval,
    }
}

/// Replaces the request form. Orders that were placed keep their answers and the questions to them.
#[utoipa::path(put, path = "/offerings/{id}/request-form", tag = "Offerings",
    params(("id" = OfferingId, Path), IfMatchHeader),
    request_body = Schema, responses((status = 200, body = OfferingDetail)),
    extensions(("x-problems" = json!(["offering_archived", "would_break"]))))]
async fn set_request_form(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    version: IfMatch,
    Body(form): Body<Schema>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    let present = shown(&domain, &actor, id).await?;
    version.check(&present)?;
    domain
        .catalogue()
        .set_request_form(&actor, id, &form, present.revision)
        .await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

/// Replaces the actions that the provider's people do by hand with resources of the offering; only what is delivered by hand has
/// such. What was asked for before stays as it was asked for.
#[utoipa::path(put, path = "/offerings/{id}/actions", tag = "Offerings",
    params(("id" = OfferingId, Path), IfMatchHeader),
    request_body = Vec<Action>, responses((status = 200, body = OfferingDetail)),
    extensions(("x-problems" = json!(["offering_archived", "would_break"]))))]
async fn set_offering_actions(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    version: IfMatch,
    Body(actions): Body<Vec<Action>>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    let present = shown(&domain, &actor, id).await?;
    version.check(&present)?;
    domain
        .catalogue()
        .set_actions(&actor, id, actions, (&plugins, present.revision))
        .await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
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
}

/// Chooses the plugin and its settings. Other settings than before must be tested before publishing. Of an archived offering
/// only the settings of its present plugin can be changed.
#[utoipa::path(put, path = "/offerings/{id}/plugin", tag = "Offerings",
    params(("id" = OfferingId, Path), IfMatchHeader),
    request_body = Provisioning, responses((status = 200, body = OfferingDetail)),
    extensions(("x-problems" = json!(["offering_archived", "would_break", "in_use"]))))]
async fn set_plugin(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    version: IfMatch,
    Body(wanted): Body<Provisioning>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    let choice = choice(&plugins, &wanted.plugin)?;
    let present = shown(&domain, &actor, id).await?;
    version.check(&present)?;
    let settings = SentValues::Json(wanted.settings.into());
    domain
        .catalogue()
        .set_plugin(&actor, id, &choice, settings, present.revision)
        .await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

pub(super) fn choice(plugins: &[PluginFacts], kind: &str) -> Result<PluginChoice, ApiProblem> {
    let facts = plugins.iter().find(|one| one.kind == kind).ok_or_else(|| {
        let fault = model::FieldFault::at(
            "plugin",
            "unknown",
            "There is no such plugin. /plugins lists them.",
        );
        ApiProblem::invalid(vec![fault])
    })?;
    Ok(facts.into())
}
