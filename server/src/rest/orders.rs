//! Orders: quote, place, decide, follow.

use axum::{extract::State, response::IntoResponse};
use domain::{Domain, ordering::OrderFilter};
use http::{HeaderMap, StatusCode};
use model::{
    CreateDraft, OrderDetail, OrderId, OrderState, OrderSummary, OrganizationId, Page, ProjectId, Quote,
    ResourceId,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Body, Caller, IdOf, Parameters},
    problem::Refusals,
    queries::PageQuery,
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, place))
        .routes(routes!(read))
        .routes(routes!(quote))
        .routes(routes!(approve))
        .routes(routes!(reject))
        .routes(routes!(cancel))
        .routes(routes!(retry))
}

/// Which orders are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrderQuery {
    /// Only in this state.
    state: Option<OrderState>,
    /// Only of this project.
    project: Option<ProjectId>,
    /// Only of this organization.
    organization: Option<OrganizationId>,
    /// Only to this provider.
    provider: Option<OrganizationId>,
    /// Only of this resource.
    resource: Option<ResourceId>,
    /// Only what waits for your decision.
    #[serde(default)]
    waiting_for_me: bool,
    #[param(max_length = 500)]
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists orders, newest first.
#[utoipa::path(get, path = "/orders", tag = "Orders", params(OrderQuery),
    responses((status = 200, body = Page<OrderSummary>), Refusals))]
async fn list(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Parameters(query): Parameters<OrderQuery>,
) -> Result<Json<Page<OrderSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    if query.waiting_for_me {
        return Ok(Json(domain.ordering().queue(&actor, page).await?));
    }
    let filter = OrderFilter {
        states: query.state.into_iter().collect(),
        project: query.project,
        organization: query.organization,
        provider: query.provider,
        resource: query.resource,
        mine: false,
    };
    Ok(Json(domain.ordering().orders(&actor, &filter, page).await?))
}

/// Places an order for a new resource.
#[utoipa::path(post, path = "/orders", tag = "Orders", request_body = CreateDraft,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body place one order.")),
    responses((status = 201, body = OrderDetail), Refusals))]
async fn place(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    headers: HeaderMap,
    Body(draft): Body<CreateDraft>,
) -> Result<impl IntoResponse, ApiProblem> {
    let key = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok());
    let id = domain.ordering().place_create(&actor, draft, key).await?;
    Ok((
        StatusCode::CREATED,
        Json(domain.ordering().order(&actor, id).await?),
    ))
}

/// Says what an order would cost, without placing it.
#[utoipa::path(post, path = "/quotes", tag = "Orders", request_body = CreateDraft,
    responses((status = 200, body = Quote), Refusals))]
async fn quote(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Body(draft): Body<CreateDraft>,
) -> Result<Json<Quote>, ApiProblem> {
    Ok(Json(domain.ordering().quote(Some(&actor), &draft).await?))
}

/// Reads an order.
#[utoipa::path(get, path = "/orders/{id}", tag = "Orders", params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderDetail), Refusals))]
async fn read(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrderId>,
) -> Result<Json<OrderDetail>, ApiProblem> {
    Ok(Json(domain.ordering().order(&actor, id).await?))
}

/// What a person says with a decision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Comment {
    /// Up to 2,000 characters.
    #[serde(default)]
    #[schema(max_length = 2000)]
    comment: String,
}

macro_rules! decisions {
    ($($(#[$doc:meta])* $name:ident, $path:literal;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "Orders", params(("id" = OrderId, Path)), request_body = Comment,
            responses((status = 200, body = OrderDetail), Refusals))]
        async fn $name(
            State(domain): State<Domain>,
            Caller(actor): Caller,
            IdOf(id): IdOf<OrderId>,
            Body(said): Body<Comment>,
        ) -> Result<Json<OrderDetail>, ApiProblem> {
            domain.ordering().$name(&actor, id, &said.comment).await?;
            Ok(Json(domain.ordering().order(&actor, id).await?))
        }
    )+};
}

decisions! {
    /// Approves an order that waits for you, on the side that is asked.
    approve, "/orders/{id}/approve";
    /// Refuses an order that waits for you; the comment is shown to the buyer.
    reject, "/orders/{id}/reject";
    /// Withdraws an order.
    cancel, "/orders/{id}/cancel";
}

/// Tries a failed order again.
#[utoipa::path(post, path = "/orders/{id}/retry", tag = "Orders", params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderDetail), Refusals))]
async fn retry(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrderId>,
) -> Result<Json<OrderDetail>, ApiProblem> {
    domain.ordering().retry(&actor, id).await?;
    Ok(Json(domain.ordering().order(&actor, id).await?))
}
