//! Webhooks: addresses that are told of what happens.

use chrono::TimeDelta;
use http::StatusCode;
use model::{
    AuditId, EventKind, OrganizationId, Page, ProjectId, Scope, Webhook, WebhookDelivery, WebhookDraft,
    WebhookId, WebhookSecret,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    answer::HasVersion,
    extract::{Body, Caller, IdOf, IfMatch, Parameters, Patch, Services},
    queries::{IfMatchHeader, PageQuery, one_scope},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(get_webhook, update_webhook, remove_webhook))
        .routes(routes!(pause_webhook))
        .routes(routes!(resume_webhook))
        .routes(routes!(get_webhook_secret, rotate_webhook_secret))
        .routes(routes!(list_webhook_deliveries))
        .routes(routes!(redeliver_event))
        .routes(routes!(redeliver_since))
}

impl HasVersion for Webhook {
    fn etag(&self) -> String {
        format!("\"{}\"", self.revision)
    }
}

/// Whose webhooks are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WebhookQuery {
    /// Of this organization, as one that buys.
    organization: Option<OrganizationId>,
    /// Of this project.
    project: Option<ProjectId>,
    /// Of this organization, as one that provides.
    provider: Option<OrganizationId>,
}

impl WebhookQuery {
    /// The one that is named; the installation when none is.
    fn scope(&self) -> Result<Scope, ApiProblem> {
        let named = [
            self.organization.map(Scope::Organization),
            self.project.map(Scope::Project),
            self.provider.map(Scope::Provider),
        ];
        one_scope(named, "Name one of organization, project and provider.")
    }
}

/// Lists the webhooks of one place, the oldest first; those of the installation when none is named.
#[utoipa::path(get, path = "/webhooks", tag = "Webhooks", params(WebhookQuery),
    responses((status = 200, body = Vec<Webhook>)), extensions(("x-problems" = json!(["invalid_input"]))))]
async fn list_webhooks(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<WebhookQuery>,
) -> Result<Json<Vec<Webhook>>, ApiProblem> {
    Ok(Json(domain.webhooks().webhooks(&actor, query.scope()?).await?))
}

/// A webhook that is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    /// Of what happens where it is told: in an organization, in a project, to what a provider sells, or anywhere.
    scope: Scope,
    /// Where it is told: https, on the public internet unless whoever runs the portal allowed the host.
    #[schema(max_length = 2000)]
    url: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    description: String,
    /// Of which kinds of events; empty: of all.
    #[serde(default)]
    kinds: Vec<EventKind>,
}

/// Makes a webhook. It is told of everything that happens from now on, its own making included; its messages and their signatures follow the
/// Standard Webhooks specification.
#[utoipa::path(post, path = "/webhooks", tag = "Webhooks", request_body = NewWebhook,
    responses((status = 201, body = Webhook)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["too_many_webhooks"]))))]
async fn create_webhook(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(wanted): Body<NewWebhook>,
) -> Result<Created<Versioned<Webhook>>, ApiProblem> {
    let draft = WebhookDraft {
        url: wanted.url,
        description: wanted.description,
        kinds: wanted.kinds,
    };
    let made = domain.webhooks().create(&actor, wanted.scope, draft).await?;
    let id = made.id;
    Ok(Created::at(format_args!("/webhooks/{id}"), Versioned(made)))
}

/// Reads a webhook.
#[utoipa::path(get, path = "/webhooks/{id}", tag = "Webhooks", params(("id" = WebhookId, Path)),
    responses((status = 200, body = Webhook)), extensions(("x-versioned" = json!(true))))]
async fn get_webhook(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
) -> Result<Versioned<Webhook>, ApiProblem> {
    Ok(Versioned(domain.webhooks().webhook(&actor, id).await?))
}

/// Changes address, description or kinds of a webhook. What waited for another try is tried at once.
#[utoipa::path(patch, path = "/webhooks/{id}", tag = "Webhooks", params(("id" = WebhookId, Path), IfMatchHeader),
    request_body = WebhookDraft, responses((status = 200, body = Webhook)))]
async fn update_webhook(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
    version: IfMatch,
    patch: Patch<WebhookDraft>,
) -> Result<Versioned<Webhook>, ApiProblem> {
    let webhooks = domain.webhooks();
    let present = webhooks.webhook(&actor, id).await?;
    version.check(&present)?;
    let draft = patch.applied_to(&WebhookDraft {
        url: present.url,
        description: present.description,
        kinds: present.kinds,
    })?;
    let changed = webhooks.change(&actor, id, draft, present.revision).await?;
    Ok(Versioned(changed))
}

/// Removes a webhook, with the log of what it was told.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "Webhooks", params(("id" = WebhookId, Path)),
    responses((status = 204)))]
async fn remove_webhook(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
) -> Result<StatusCode, ApiProblem> {
    domain.webhooks().remove(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops telling a webhook. It keeps its place.
#[utoipa::path(post, path = "/webhooks/{id}/pause", tag = "Webhooks", params(("id" = WebhookId, Path)),
    responses((status = 200, body = Webhook)))]
async fn pause_webhook(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
) -> Result<Json<Webhook>, ApiProblem> {
    Ok(Json(domain.webhooks().set_enabled(&actor, id, false).await?))
}

/// Lets a webhook go on where it stopped, whether somebody stopped it or failures did: what happened meanwhile is told.
#[utoipa::path(post, path = "/webhooks/{id}/resume", tag = "Webhooks", params(("id" = WebhookId, Path)),
    responses((status = 200, body = Webhook)))]
async fn resume_webhook(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
) -> Result<Json<Webhook>, ApiProblem> {
    Ok(Json(domain.webhooks().set_enabled(&actor, id, true).await?))
}

/// Reads the secret that the messages of a webhook are signed with. The history says who read it.
#[utoipa::path(get, path = "/webhooks/{id}/secret", tag = "Webhooks", params(("id" = WebhookId, Path)),
    responses((status = 200, body = WebhookSecret)))]
async fn get_webhook_secret(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
) -> Result<Json<WebhookSecret>, ApiProblem> {
    Ok(Json(domain.webhooks().secret(&actor, id).await?))
}

/// How a secret is changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rotation {
    /// For so many hours the secret before signs as well: receivers take either.
    #[schema(minimum = 0, maximum = 168)]
    overlap_hours: u32,
}

/// Makes a new secret for a webhook. Read it with GET.
#[utoipa::path(post, path = "/webhooks/{id}/secret", tag = "Webhooks", params(("id" = WebhookId, Path)),
    request_body = Rotation, responses((status = 200, body = Webhook)))]
async fn rotate_webhook_secret(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
    Body(wanted): Body<Rotation>,
) -> Result<Json<Webhook>, ApiProblem> {
    let overlap = TimeDelta::hours(wanted.overlap_hours.into());
    Ok(Json(domain.webhooks().rotate_secret(&actor, id, overlap).await?))
}

/// Lists what became of the messages to a webhook in the last 30 days, the newest first.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", tag = "Webhooks",
    params(("id" = WebhookId, Path), PageQuery), responses((status = 200, body = Page<WebhookDelivery>)))]
async fn list_webhook_deliveries(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<WebhookId>,
    Parameters(page): Parameters<PageQuery>,
) -> Result<Json<Page<WebhookDelivery>>, ApiProblem> {
    let page = page.request()?;
    Ok(Json(domain.webhooks().deliveries(&actor, id, &page).await?))
}

/// An event that is to be told once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Again {
    /// The event.
    event_id: AuditId,
}

/// Tells a webhook of one event once more, in a message with the same id.
#[utoipa::path(post, path = "/webhooks/{id}/redeliver", tag = "Webhooks", params(("id" = WebhookId, Path)),
    request_body = Again, responses((status = 204)), extensions(("x-problems" = json!(["event_not_found"]))))]
async fn redeliver_event(
    services: Services,
    caller: Caller,
    id: IdOf<WebhookId>,
    Body(again): Body<Again>,
) -> Result<StatusCode, ApiProblem> {
    let (Services(domain), Caller(actor), IdOf(id)) = (services, caller, id);
    domain.webhooks().redeliver(&actor, id, again.event_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells a webhook of this event and of all that it wants since, in order, in messages with the same ids.
#[utoipa::path(post, path = "/webhooks/{id}/redeliver-since", tag = "Webhooks", params(("id" = WebhookId, Path)),
    request_body = Again, responses((status = 204)), extensions(("x-problems" = json!(["event_not_found"]))))]
async fn redeliver_since(
    services: Services,
    caller: Caller,
    id: IdOf<WebhookId>,
    Body(again): Body<Again>,
) -> Result<StatusCode, ApiProblem> {
    let (Services(domain), Caller(actor), IdOf(id)) = (services, caller, id);
    domain
        .webhooks()
        .redeliver_since(&actor, id, again.event_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
