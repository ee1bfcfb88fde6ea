//! What an offering measures or bills.

use axum::{extract::State, response::IntoResponse};
use domain::Domain;
use http::StatusCode;
use model::{ComponentDraft, ComponentId, OfferingDetail, OfferingId};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::shown;
use crate::rest::Json;
use crate::{
    rest::{
        ApiProblem,
        extract::{Body, Caller, IdOf, IdsOf},
        problem::Refusals,
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(change, remove))
}

/// Adds a component.
#[utoipa::path(post, path = "/offerings/{id}/components", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = ComponentDraft, responses((status = 201, body = OfferingDetail), Refusals))]
async fn add(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(draft): Body<ComponentDraft>,
) -> Result<impl IntoResponse, ApiProblem> {
    domain.catalogue().save_component(&actor, id, None, draft).await?;
    Ok((StatusCode::CREATED, shown(&domain, &actor, id).await?))
}

/// Changes a component. Its code, unit and charge stay once a resource exists.
#[utoipa::path(put, path = "/offerings/{id}/components/{component}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("component" = ComponentId, Path)),
    request_body = ComponentDraft, responses((status = 200, body = OfferingDetail), Refusals))]
async fn change(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdsOf(id, component): IdsOf<OfferingId, ComponentId>,
    Body(draft): Body<ComponentDraft>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    domain
        .catalogue()
        .save_component(&actor, id, Some(component), draft)
        .await?;
    shown(&domain, &actor, id).await
}

/// Removes a component that nothing uses, with its prices.
#[utoipa::path(delete, path = "/offerings/{id}/components/{component}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("component" = ComponentId, Path)),
    responses((status = 200, body = OfferingDetail), Refusals))]
async fn remove(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdsOf(id, component): IdsOf<OfferingId, ComponentId>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    domain.catalogue().remove_component(&actor, id, component).await?;
    shown(&domain, &actor, id).await
}
