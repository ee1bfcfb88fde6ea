//! From draft to catalogue and out of it again.

use model::{OfferingId, Readiness};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::shown;
use crate::rest::Json;
use crate::{
    rest::{
        ApiProblem, Versioned,
        extract::{Body, Caller, IdOf, Services},
        shapes::offering::OfferingDetail,
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_readiness))
        .routes(routes!(publish_offering))
        .routes(routes!(pause_offering))
        .routes(routes!(resume_offering))
        .routes(routes!(archive_offering))
}

/// Says what is still missing before an offering can be published.
#[utoipa::path(get, path = "/offerings/{id}/readiness", tag = "Offerings", params(("id" = OfferingId, Path)),
    responses((status = 200, body = Vec<Readiness>)))]
async fn list_readiness(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
) -> Result<Json<Vec<Readiness>>, ApiProblem> {
    Ok(Json(domain.catalogue().readiness(&actor, id).await?))
}

/// Why an offering takes no orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pause {
    /// Shown to buyers, 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Stops new orders for a while.
#[utoipa::path(post, path = "/offerings/{id}/pause", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = Pause, responses((status = 200, body = OfferingDetail)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["offering_archived", "wrong_state"]))))]
async fn pause_offering(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(pause): Body<Pause>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    domain.catalogue().pause(&actor, id, &pause.reason).await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident, $act:ident, $path:literal, $problems:tt;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "Offerings", params(("id" = OfferingId, Path)),
            responses((status = 200, body = OfferingDetail)),
            extensions(("x-versioned" = json!(true)), ("x-problems" = json!($problems))))]
        async fn $name(
            Services(domain): Services,
            Caller(actor): Caller,
            IdOf(id): IdOf<OfferingId>,
        ) -> Result<Versioned<OfferingDetail>, ApiProblem> {
            domain.catalogue().$act(&actor, id).await?;
            Ok(Versioned(shown(&domain, &actor, id).await?))
        }
    )+};
}

moves! {
    /// Puts a complete draft into the catalogue.
    publish_offering, publish, "/offerings/{id}/publish", ["offering_archived", "wrong_state", "not_ready"];
    /// Takes orders again.
    resume_offering, resume, "/offerings/{id}/resume", ["offering_archived", "wrong_state", "not_ready"];
    /// Takes an offering out of the catalogue for good; its resources live on.
    archive_offering, archive, "/offerings/{id}/archive", ["offering_archived"];
}
