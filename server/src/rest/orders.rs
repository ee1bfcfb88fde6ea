//! Orders: quote, place, decide, follow.

use chrono::{DateTime, Utc};
use domain::{Domain, ordering::OrderFilter};
use model::{
    CreateDraft, FieldFault, OfferingId, OrderId, OrderState, OrderSummary, OrderableProject, OrganizationId,
    Page, ProjectId, ResourceId, SortOrder,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json,
    extract::{Body, Caller, IdOf, Parameters, Services},
    queries::PageQuery,
    shapes::{order::OrderDetail, quote::Quote},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, place_order))
        .routes(routes!(get_order))
        .routes(routes!(quote_order))
        .routes(routes!(list_order_places))
        .routes(routes!(approve_order))
        .routes(routes!(reject_order))
        .routes(routes!(cancel_order))
        .routes(routes!(retry_order))
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
    /// Only what you placed.
    #[serde(default)]
    mine: bool,
    /// Only what waits for your decision or your work by hand, the oldest order first; takes no other filter.
    #[serde(default)]
    waiting_for_me: bool,
    /// Only what was changed at this instant or later; with `sort=oldest` a way to follow what happens.
    updated_since: Option<DateTime<Utc>>,
    /// In which order.
    #[serde(default)]
    #[param(inline, default = "newest")]
    sort: SortOrder,
    #[param(max_length = 500)]
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

impl OrderQuery {
    /// The queue of what waits for somebody has an order of its own.
    fn refuse_filters(&self) -> Result<(), ApiProblem> {
        let named = self.state.is_some()
            || self.project.is_some()
            || self.organization.is_some()
            || self.provider.is_some()
            || self.resource.is_some()
            || self.updated_since.is_some()
            || self.mine
            || self.sort != SortOrder::default();
        if named {
            let message = "This cannot be combined with other filters or an order.";
            return Err(ApiProblem::invalid(vec![FieldFault::at(
                "waiting_for_me",
                "alone",
                message,
            )]));
        }
        Ok(())
    }
}

/// Lists orders, newest first.
#[utoipa::path(get, path = "/orders", tag = "Orders", params(OrderQuery),
    responses((status = 200, body = Page<OrderSummary>)))]
async fn list_orders(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<OrderQuery>,
) -> Result<Json<Page<OrderSummary>>, ApiProblem> {
    if query.waiting_for_me {
        query.refuse_filters()?;
    }
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
        sold_by: None,
        resource: query.resource,
        mine: query.mine,
        awaits_actor: false,
        updated_since: query.updated_since,
        sort: query.sort,
    };
    Ok(Json(domain.ordering().orders(&actor, &filter, page).await?))
}

/// Places an order for a new resource.
#[utoipa::path(post, path = "/orders", tag = "Orders", request_body = CreateDraft,
    responses((status = 201, body = OrderDetail)),
    extensions(("x-problems" = json!(["project_not_found", "offering_not_found", "not_orderable", "refused_by_rule", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn place_order(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(draft): Body<CreateDraft>,
) -> Result<Created<Json<OrderDetail>>, ApiProblem> {
    let id = domain.ordering().place_create(&actor, draft, None).await?;
    placed(&domain, &actor, id).await
}

/// Answers an order that was placed.
pub(super) async fn placed(
    domain: &Domain,
    actor: &domain::Actor,
    id: OrderId,
) -> Result<Created<Json<OrderDetail>>, ApiProblem> {
    let order = shown(domain, actor, id).await?;
    Ok(Created::at(format_args!("/orders/{id}"), order))
}

/// Answers an order.
pub(super) async fn shown(
    domain: &Domain,
    actor: &domain::Actor,
    id: OrderId,
) -> Result<Json<OrderDetail>, ApiProblem> {
    Ok(Json(domain.ordering().order(actor, id).await?.into()))
}

/// Says what an order would cost, without placing it. The project must be one that you see: it decides on the tax.
#[utoipa::path(post, path = "/quotes", tag = "Orders", request_body = CreateDraft,
    responses((status = 200, body = Quote)),
    extensions(("x-problems" = json!(["project_not_found", "offering_not_found", "not_orderable", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn quote_order(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(draft): Body<CreateDraft>,
) -> Result<Json<Quote>, ApiProblem> {
    Ok(Json(domain.ordering().quote(Some(&actor), &draft).await?.into()))
}

/// Lists the first 200 projects, by name, for which you may order an offering, with what a quote for each depends on.
#[utoipa::path(get, path = "/offerings/{id}/order-places", tag = "Orders", params(("id" = OfferingId, Path)),
    responses((status = 200, body = Vec<OrderableProject>)), extensions(("x-problems" = json!(["offering_not_found", "unknown_time_zone"]))))]
async fn list_order_places(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
) -> Result<Json<Vec<OrderableProject>>, ApiProblem> {
    Ok(Json(domain.ordering().orderable_projects(&actor, id).await?))
}

/// Reads an order.
#[utoipa::path(get, path = "/orders/{id}", tag = "Orders", params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderDetail)),
    extensions(("x-problems" = json!(["order_not_found"]))))]
async fn get_order(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrderId>,
) -> Result<Json<OrderDetail>, ApiProblem> {
    shown(&domain, &actor, id).await
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
    ($($(#[$doc:meta])* $name:ident, $act:ident, $path:literal, $problems:tt;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "Orders", params(("id" = OrderId, Path)), request_body = Comment,
            responses((status = 200, body = OrderDetail)), extensions(("x-problems" = json!($problems))))]
        async fn $name(
            Services(domain): Services,
            Caller(actor): Caller,
            IdOf(id): IdOf<OrderId>,
            Body(said): Body<Comment>,
        ) -> Result<Json<OrderDetail>, ApiProblem> {
            domain.ordering().$act(&actor, id, &said.comment).await?;
            shown(&domain, &actor, id).await
        }
    )+};
}

decisions! {
    /// Approves an order that waits for you, on the side that is asked.
    approve_order, approve, "/orders/{id}/approve",
        ["order_not_found", "order_state", "not_orderable", "above_approval_limit", "not_asked", "decided_already", "own_order", "unknown_time_zone"];
    /// Refuses an order that waits for you; the comment is shown to the buyer.
    reject_order, reject, "/orders/{id}/reject",
        ["order_not_found", "order_state", "above_approval_limit", "not_asked", "decided_already", "own_order", "unknown_time_zone"];
    /// Withdraws an order.
    cancel_order, cancel, "/orders/{id}/cancel", ["order_not_found", "order_state", "not_orderable"];
}

/// Tries a failed order again, if what it asks for can still begin.
#[utoipa::path(post, path = "/orders/{id}/retry", tag = "Orders", params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderDetail)),
    extensions(("x-problems" = json!(["order_not_found", "order_state", "open_order", "resource_state", "not_orderable", "unknown_time_zone"]))))]
async fn retry_order(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrderId>,
) -> Result<Json<OrderDetail>, ApiProblem> {
    domain.ordering().retry(&actor, id).await?;
    shown(&domain, &actor, id).await
}
