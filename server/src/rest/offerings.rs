//! Offerings, for their providers: prepare, test, publish. Every change answers with the offering as it is then, whose
//! `revision` the next change of its texts, form or plugin names.

mod components;
mod connection;
mod drafts;
mod plans;
mod publishing;

use super::Json;
use domain::Domain;
use model::{OfferingDetail, OfferingId};
use utoipa_axum::router::OpenApiRouter;

use super::ApiProblem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    drafts::routes()
        .merge(connection::routes())
        .merge(components::routes())
        .merge(plans::routes())
        .merge(publishing::routes())
}

async fn shown(
    domain: &Domain,
    actor: &domain::Actor,
    id: OfferingId,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    Ok(Json(
        domain.catalogue().offering(Some(actor), &id.to_string()).await?,
    ))
}
