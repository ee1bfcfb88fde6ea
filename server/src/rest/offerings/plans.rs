//! The plans of an offering, with their prices.

use axum::{extract::State, response::IntoResponse};
use domain::Domain;
use http::StatusCode;
use model::{OfferingDetail, OfferingId, PlanDraft, PlanId};
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
        .routes(routes!(change))
        .routes(routes!(archive))
}

/// Adds a plan with its prices.
#[utoipa::path(post, path = "/offerings/{id}/plans", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = PlanDraft, responses((status = 201, body = OfferingDetail), Refusals))]
async fn add(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(draft): Body<PlanDraft>,
) -> Result<impl IntoResponse, ApiProblem> {
    domain.catalogue().save_plan(&actor, id, None, draft).await?;
    Ok((StatusCode::CREATED, shown(&domain, &actor, id).await?))
}

/// Changes a plan. Of a plan in use, a changed price becomes a new version from `valid_from` on.
#[utoipa::path(put, path = "/offerings/{id}/plans/{plan}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    request_body = PlanDraft, responses((status = 200, body = OfferingDetail), Refusals))]
async fn change(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
    Body(draft): Body<PlanDraft>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    domain
        .catalogue()
        .save_plan(&actor, id, Some(plan), draft)
        .await?;
    shown(&domain, &actor, id).await
}

/// Takes a plan out of sale; resources that have it keep it.
#[utoipa::path(post, path = "/offerings/{id}/plans/{plan}/archive", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    responses((status = 200, body = OfferingDetail), Refusals))]
async fn archive(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    domain.catalogue().archive_plan(&actor, id, plan).await?;
    shown(&domain, &actor, id).await
}
