//! Offerings, for their providers: prepare, test, publish. Every change answers with the version that the offering
//! has then, which the next change names as `If-Match`.

mod assigned;
mod components;
mod connection;
mod drafts;
mod plans;
mod publishing;

use domain::Domain;
use model::OfferingId;
use utoipa_axum::router::OpenApiRouter;

use super::{ApiProblem, answer::HasVersion, shapes::offering::OfferingDetail};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    drafts::routes()
        .merge(assigned::routes())
        .merge(connection::routes())
        .merge(components::routes())
        .merge(plans::routes())
        .merge(publishing::routes())
}

/// A part of an offering; it changes with the offering and has its version.
#[derive(serde::Serialize)]
pub(super) struct Part<T> {
    #[serde(flatten)]
    part: T,
    #[serde(skip)]
    revision: i32,
}

impl<T> HasVersion for Part<T> {
    fn etag(&self) -> String {
        format!("\"{}\"", self.revision)
    }
}

pub(super) async fn shown(
    domain: &Domain,
    actor: &domain::Actor,
    id: OfferingId,
) -> Result<OfferingDetail, ApiProblem> {
    let found = domain.catalogue().offering(Some(actor), &id.to_string()).await?;
    Ok(found.into())
}
