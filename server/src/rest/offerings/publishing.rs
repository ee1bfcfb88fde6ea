//! From draft to catalogue and out of it again.

use axum::extract::State;
use domain::Domain;
use model::{OfferingDetail, OfferingId, Readiness};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::shown;
use crate::rest::Json;
use crate::{
    rest::{
        ApiProblem,
        extract::{Body, Caller, IdOf},
        problem::Refusals,
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(readiness))
        .routes(routes!(publish))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(archive))
}

/// Says what is still missing before an offering can be published.
#[utoipa::path(get, path = "/offerings/{id}/readiness", tag = "Offerings", params(("id" = OfferingId, Path)),
    responses((status = 200, body = Vec<Readiness>), Refusals))]
async fn readiness(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
) -> Result<Json<Vec<Readiness>>, ApiProblem> {
    Ok(Json(domain.catalogue().readiness(&actor, id).await?))
}

/// Why an offering takes no orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pause {
    /// Shown to buyers, up to 500 characters.
    #[schema(max_length = 500)]
    reason: String,
}

/// Stops new orders for a while.
#[utoipa::path(post, path = "/offerings/{id}/pause", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = Pause, responses((status = 200, body = OfferingDetail), Refusals))]
async fn pause(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(pause): Body<Pause>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    domain.catalogue().pause(&actor, id, &pause.reason).await?;
    shown(&domain, &actor, id).await
}

macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident, $path:literal;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "Offerings", params(("id" = OfferingId, Path)),
            responses((status = 200, body = OfferingDetail), Refusals))]
        async fn $name(
            State(domain): State<Domain>,
            Caller(actor): Caller,
            IdOf(id): IdOf<OfferingId>,
        ) -> Result<Json<OfferingDetail>, ApiProblem> {
            domain.catalogue().$name(&actor, id).await?;
            shown(&domain, &actor, id).await
        }
    )+};
}

moves! {
    /// Puts a complete draft into the catalogue.
    publish, "/offerings/{id}/publish";
    /// Takes orders again.
    resume, "/offerings/{id}/resume";
    /// Takes an offering out of the catalogue for good; its resources live on.
    archive, "/offerings/{id}/archive";
}
