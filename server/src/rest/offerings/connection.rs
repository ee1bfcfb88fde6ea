//! The test of an offering's plugin settings. It is a job: no request calls a backend.

use axum::response::IntoResponse;
use http::StatusCode;
use model::{ConnectionTest, OfferingId};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::rest::Json;
use crate::{
    rest::{
        ApiProblem,
        extract::{Caller, IdOf, Services},
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(test_connection, get_connection_test))
}

/// Asks for a test of the present settings; read it with GET until it is over.
#[utoipa::path(post, path = "/offerings/{id}/connection-test", tag = "Offerings", params(("id" = OfferingId, Path)),
    responses((status = 202, body = ConnectionTest)),
    extensions(("x-problems" = json!(["invalid_input"]))))]
async fn test_connection(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
) -> Result<impl IntoResponse, ApiProblem> {
    domain.catalogue().request_connection_test(&actor, id).await?;
    Ok((
        StatusCode::ACCEPTED,
        get_connection_test(Services(domain), Caller(actor), IdOf(id)).await?,
    ))
}

/// Says how the last test of the present settings went.
#[utoipa::path(get, path = "/offerings/{id}/connection-test", tag = "Offerings", params(("id" = OfferingId, Path)),
    responses((status = 200, body = ConnectionTest)))]
async fn get_connection_test(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
) -> Result<Json<ConnectionTest>, ApiProblem> {
    Ok(Json(domain.catalogue().connection_test(&actor, id).await?))
}
