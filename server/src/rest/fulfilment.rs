//! Orders that the provider carries out by hand.

use domain::ordering;
use model::{AccessDetail, DisplayRow, OrderId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Body, Caller, IdOf, Services},
    orders::shown,
    shapes::order::OrderDetail,
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(fulfil_order))
        .routes(routes!(refuse_fulfilment))
        .routes(routes!(get_secret_answers))
}

/// What the provider did.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Fulfilment {
    /// How the provider calls the resource; may be left out where one is known already, and must where it is ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    backend_id: String,
    /// How people reach and use it; as before when left out, which it must be where the resource is ended.
    #[serde(default)]
    #[schema(max_items = 20)]
    access: Vec<AccessDetail>,
    /// A note for the buyer.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// Says that an order was carried out by hand.
#[utoipa::path(post, path = "/orders/{id}/fulfil", tag = "Orders", params(("id" = OrderId, Path)),
    request_body = Fulfilment, responses((status = 200, body = OrderDetail)),
    extensions(("x-problems" = json!(["order_not_found", "order_state", "not_orderable", "wrong_outcome", "unknown_time_zone"]))))]
async fn fulfil_order(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrderId>,
    Body(done): Body<Fulfilment>,
) -> Result<Json<OrderDetail>, ApiProblem> {
    let Fulfilment {
        backend_id,
        access,
        note,
    } = done;
    domain
        .ordering()
        .fulfil(
            &actor,
            id,
            ordering::Fulfilment {
                backend_id,
                access,
                note,
            },
        )
        .await?;
    shown(&domain, &actor, id).await
}

/// The secret answers of an order that waits for the provider's people, in clear, for whoever carries it out. That they were
/// read is written to the log.
#[utoipa::path(get, path = "/orders/{id}/secret-answers", tag = "Orders", params(("id" = OrderId, Path)),
    responses((status = 200, body = Vec<DisplayRow>)),
    extensions(("x-problems" = json!(["order_not_found", "not_orderable"]))))]
async fn get_secret_answers(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrderId>,
) -> Result<Json<Vec<DisplayRow>>, ApiProblem> {
    Ok(Json(domain.ordering().secret_answers(&actor, id).await?))
}

/// Why an order cannot be carried out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Impossible {
    /// Shown to the buyer, 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Says that an order cannot be carried out by hand.
#[utoipa::path(post, path = "/orders/{id}/refuse-fulfilment", tag = "Orders", params(("id" = OrderId, Path)),
    request_body = Impossible, responses((status = 200, body = OrderDetail)),
    extensions(("x-problems" = json!(["order_not_found", "order_state", "not_orderable"]))))]
async fn refuse_fulfilment(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrderId>,
    Body(said): Body<Impossible>,
) -> Result<Json<OrderDetail>, ApiProblem> {
    domain.ordering().cannot_fulfil(&actor, id, &said.reason).await?;
    shown(&domain, &actor, id).await
}
