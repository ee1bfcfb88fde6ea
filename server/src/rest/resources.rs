//! Resources: see, change, end; usage.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{Domain, provisioning::ResourceFilter};
use model::{
    ComponentUsage, LimitsDraft, OfferingId, OrganizationId, Page, PlanId, ProjectId, ResourceDetail,
    ResourceId, ResourceState, ResourceSummary, SentUsage, SortOrder, UsageReceipt,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    answer::Stated,
    extract::{Body, Caller, IdOf, Lines, Parameters, Services},
    orders::placed,
    queries::PageQuery,
    shapes::{account::RunningCost, order::OrderDetail, quote::Quote},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_resources))
        .routes(routes!(get_resource))
        .routes(routes!(change_resource_limits))
        .routes(routes!(quote_resource_limits))
        .routes(routes!(switch_resource_plan))
        .routes(routes!(quote_resource_plan))
        .routes(routes!(terminate_resource))
        .routes(routes!(get_resource_usage))
        .routes(routes!(get_resource_cost))
        .routes(routes!(report_usage))
}

/// Which resources are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ResourceQuery {
    /// Only in this state.
    state: Option<ResourceState>,
    /// Only of this project.
    project: Option<ProjectId>,
    /// Only of this organization.
    organization: Option<OrganizationId>,
    /// Only of this provider.
    provider: Option<OrganizationId>,
    /// Only of this offering.
    offering: Option<OfferingId>,
    /// Words of the name.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// Only what was changed at this instant or later; with `sort=oldest` a way to follow what happens.
    updated_since: Option<DateTime<Utc>>,
    /// In which order.
    #[serde(default)]
    #[param(inline, default = "newest")]
    sort: SortOrder,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists the resources that you may see, newest first.
#[utoipa::path(get, path = "/resources", tag = "Resources", params(ResourceQuery),
    responses((status = 200, body = Page<ResourceSummary>)))]
async fn list_resources(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<ResourceQuery>,
) -> Result<Json<Page<ResourceSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    let filter = ResourceFilter {
        project: query.project,
        organization: query.organization,
        provider: query.provider,
        sold_by: None,
        reportable: false,
        states: query.state.into_iter().collect(),
        offering: query.offering,
        q: query.q,
        updated_since: query.updated_since,
        sort: query.sort,
    };
    Ok(Json(
        domain.provisioning().resources(&actor, &filter, page).await?,
    ))
}

/// Reads a resource.
#[utoipa::path(get, path = "/resources/{id}", tag = "Resources", params(("id" = ResourceId, Path)),
    responses((status = 200, body = ResourceDetail)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["resource_not_found", "unknown_time_zone"]))))]
async fn get_resource(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ResourceId>,
) -> Result<Versioned<Stated<ResourceDetail>>, ApiProblem> {
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

pub(super) async fn shown(
    domain: &Domain,
    actor: &domain::Actor,
    id: ResourceId,
) -> Result<Stated<ResourceDetail>, ApiProblem> {
    let (thing, state) = domain.provisioning().resource_at_state(actor, id).await?;
    Ok(Stated { thing, state })
}

/// New limits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLimits {
    /// By component code; a missing one stays.
    limits: BTreeMap<String, model::Fixed>,
}

/// Orders other limits.
#[utoipa::path(post, path = "/resources/{id}/limits", tag = "Resources", params(("id" = ResourceId, Path)),
    request_body = NewLimits, responses((status = 201, body = OrderDetail)),
    extensions(("x-problems" = json!(["resource_not_found", "resource_state", "open_order", "not_orderable", "refused_by_rule", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn change_resource_limits(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(resource_id): IdOf<ResourceId>,
    Body(wanted): Body<NewLimits>,
) -> Result<Created<Json<OrderDetail>>, ApiProblem> {
    let draft = LimitsDraft {
        resource_id,
        limits: wanted.limits,
    };
    let id = domain.ordering().place_change_limits(&actor, draft, None).await?;
    placed(&domain, &actor, id).await
}

/// Quotes other limits: what the change would cost if it were ordered now.
#[utoipa::path(post, path = "/resources/{id}/limits/quote", tag = "Resources", params(("id" = ResourceId, Path)),
    request_body = NewLimits, responses((status = 200, body = Quote)),
    extensions(("x-problems" = json!(["resource_not_found", "not_orderable", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn quote_resource_limits(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(resource_id): IdOf<ResourceId>,
    Body(wanted): Body<NewLimits>,
) -> Result<Json<Quote>, ApiProblem> {
    let draft = LimitsDraft {
        resource_id,
        limits: wanted.limits,
    };
    Ok(Json(
        domain.ordering().quote_change_limits(&actor, draft).await?.into(),
    ))
}

/// Another plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    /// A plan of the same offering.
    plan_id: PlanId,
}

/// Orders a switch of plan.
#[utoipa::path(post, path = "/resources/{id}/plan", tag = "Resources", params(("id" = ResourceId, Path)),
    request_body = NewPlan, responses((status = 201, body = OrderDetail)),
    extensions(("x-problems" = json!(["resource_not_found", "resource_state", "open_order", "not_orderable", "refused_by_rule", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn switch_resource_plan(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(resource): IdOf<ResourceId>,
    Body(wanted): Body<NewPlan>,
) -> Result<Created<Json<OrderDetail>>, ApiProblem> {
    let id = domain
        .ordering()
        .place_switch_plan(&actor, resource, wanted.plan_id, None)
        .await?;
    placed(&domain, &actor, id).await
}

/// Quotes a switch of plan: what it would cost if it were ordered now.
#[utoipa::path(post, path = "/resources/{id}/plan/quote", tag = "Resources", params(("id" = ResourceId, Path)),
    request_body = NewPlan, responses((status = 200, body = Quote)),
    extensions(("x-problems" = json!(["resource_not_found", "not_orderable", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn quote_resource_plan(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(resource): IdOf<ResourceId>,
    Body(wanted): Body<NewPlan>,
) -> Result<Json<Quote>, ApiProblem> {
    let quote = domain
        .ordering()
        .quote_switch_plan(&actor, resource, wanted.plan_id)
        .await?;
    Ok(Json(quote.into()))
}

/// The end of a resource.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ending {
    /// Why, up to 2,000 characters.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Orders the end of a resource.
#[utoipa::path(post, path = "/resources/{id}/termination", tag = "Resources", params(("id" = ResourceId, Path)),
    request_body = Ending, responses((status = 201, body = OrderDetail)),
    extensions(("x-problems" = json!(["resource_not_found", "resource_state", "open_order", "refused_by_rule", "unknown_time_zone"]))))]
async fn terminate_resource(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(resource): IdOf<ResourceId>,
    Body(ending): Body<Ending>,
) -> Result<Created<Json<OrderDetail>>, ApiProblem> {
    let id = domain
        .ordering()
        .place_terminate(&actor, resource, &ending.reason, None)
        .await?;
    placed(&domain, &actor, id).await
}

/// Which days are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UsageQuery {
    /// First day; so that it is 30 days when not given.
    from: Option<NaiveDate>,
    /// Last day, included; the buyer's today when not given.
    to: Option<NaiveDate>,
}

/// Usage per component and day.
#[utoipa::path(get, path = "/resources/{id}/usage", tag = "Usage", params(("id" = ResourceId, Path), UsageQuery),
    responses((status = 200, body = Vec<ComponentUsage>)),
    extensions(("x-problems" = json!(["invalid_input", "unknown_time_zone", "usage_too_large"]))))]
async fn get_resource_usage(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ResourceId>,
    Parameters(query): Parameters<UsageQuery>,
) -> Result<Json<Vec<ComponentUsage>>, ApiProblem> {
    let to = match query.to {
        Some(to) => to,
        None => domain.usage().today(&actor, id).await?,
    };
    let from = query
        .from
        .or_else(|| to.checked_sub_days(Days::new(29)))
        .unwrap_or(to);
    let until = to.succ_opt().unwrap_or(to);
    Ok(Json(domain.usage().report(&actor, id, from, until).await?))
}

/// What a resource has cost so far this month, with how each amount came about.
#[utoipa::path(get, path = "/resources/{id}/cost", tag = "Usage", params(("id" = ResourceId, Path)),
    responses((status = 200, body = RunningCost)),
    extensions(("x-problems" = json!(["unknown_time_zone", "unpriceable", "no_end_date", "amount_too_large"]))))]
async fn get_resource_cost(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ResourceId>,
) -> Result<Json<RunningCost>, ApiProblem> {
    Ok(Json(domain.billing().running_cost(&actor, id).await?.into()))
}

/// Reports meter events of a provider's resources. Good lines are kept, refused ones are listed, each with the reason; one
/// that is no meter event at all, or has fields that are not described, with the code `invalid`.
#[utoipa::path(post, path = "/usage", tag = "Usage", request_body = Vec<SentUsage>,
    responses((status = 200, body = UsageReceipt)),
    extensions(("x-problems" = json!(["unknown_time_zone", "too_many_lines"]))))]
async fn report_usage(
    Services(domain): Services,
    Caller(actor): Caller,
    Lines(events): Lines,
) -> Result<Json<UsageReceipt>, ApiProblem> {
    Ok(Json(domain.usage().record_sent(&actor, &events).await?))
}
