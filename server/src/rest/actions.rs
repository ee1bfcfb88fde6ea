//! Actions of resources: what can be done, asking for it, and what became of it; and the parts that backends list.

use std::sync::Arc;

use axum::extract::State;
use domain::actions::{ActionFilter, Wish};
use domain::catalogue::SentValues;
use http::StatusCode;
use model::{
    AccessDetail, ActionId, ActionState, OrganizationId, Page, PluginFacts, ResourceAction, ResourceActions,
    ResourceId,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json,
    extract::{Body, Caller, IdOf, IdsOf, Parameters, Services},
    queries::PageQuery,
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_resource_actions))
        .routes(routes!(ask_for_action))
        .routes(routes!(list_resource_parts))
        .routes(routes!(list_actions))
        .routes(routes!(get_action))
        .routes(routes!(withdraw_action))
        .routes(routes!(finish_action))
        .routes(routes!(refuse_action))
}

/// What you may do with a resource now, the condition that it is in, and the parts that its backend listed when it was last asked.
/// Fields that are drawn from parts have these as choices.
#[utoipa::path(get, path = "/resources/{id}/actions", tag = "Actions", params(("id" = ResourceId, Path)),
    responses((status = 200, body = ResourceActions)),
    extensions(("x-problems" = json!(["resource_not_found"]))))]
async fn get_resource_actions(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ResourceId>,
) -> Result<Json<ResourceActions>, ApiProblem> {
    Ok(Json(domain.actions().of_resource(&actor, id, &plugins).await?))
}

/// What is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// By the key of a field of the action's form.
    #[serde(default)]
    input: Map<String, Value>,
}

/// Asks for an action of a resource. It is done in the background, or by the provider's people: read it again to see what became
/// of it.
#[utoipa::path(post, path = "/resources/{id}/actions/{key}", tag = "Actions",
    params(("id" = ResourceId, Path), ("key" = String, Path)),
    request_body = Input, responses((status = 201, body = ResourceAction)),
    extensions(("x-problems" = json!(["resource_not_found", "action_unknown", "action_not_possible"]))))]
async fn ask_for_action(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdsOf(resource, key): IdsOf<ResourceId, String>,
    Body(wanted): Body<Input>,
) -> Result<Created<Json<ResourceAction>>, ApiProblem> {
    let wish = Wish {
        key,
        input: SentValues::Json(wanted.input.into()),
    };
    let id = domain
        .actions()
        .ask(&actor, resource, wish, (&plugins, None))
        .await?;
    let made = domain.actions().answered(&actor, id).await?;
    Ok(Created::at(format_args!("/actions/{id}"), Json(made)))
}

/// Has the backend of a resource asked for its parts anew, in the background; where that waits already, nothing more is done.
#[utoipa::path(post, path = "/resources/{id}/parts", tag = "Actions", params(("id" = ResourceId, Path)),
    responses((status = 204)),
    extensions(("x-problems" = json!(["resource_not_found", "action_not_possible"]))))]
async fn list_resource_parts(
    Services(domain): Services,
    State(plugins): State<Arc<[PluginFacts]>>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ResourceId>,
) -> Result<StatusCode, ApiProblem> {
    domain.actions().list_parts(&actor, id, &plugins).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which actions are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ActionQuery {
    /// Only of this resource.
    resource: Option<ResourceId>,
    /// Only of resources of this provider that you look after.
    provider: Option<OrganizationId>,
    /// Only in this state.
    state: Option<ActionState>,
    /// Only those that the provider's people do.
    #[serde(default)]
    by_hand: bool,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists the actions that were asked for of resources that you may see, the newest first. What ended a year ago is not kept.
#[utoipa::path(get, path = "/actions", tag = "Actions", params(ActionQuery),
    responses((status = 200, body = Page<ResourceAction>)))]
async fn list_actions(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<ActionQuery>,
) -> Result<Json<Page<ResourceAction>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let filter = ActionFilter {
        resource: query.resource,
        sold_by: query.provider,
        states: query.state.into_iter().collect(),
        by_hand: query.by_hand,
    };
    Ok(Json(
        domain.actions().list(&actor, &filter, &page.request()?).await?,
    ))
}

/// Reads an action that was asked for, with what became of it.
#[utoipa::path(get, path = "/actions/{id}", tag = "Actions", params(("id" = ActionId, Path)),
    responses((status = 200, body = ResourceAction)),
    extensions(("x-problems" = json!(["action_not_found"]))))]
async fn get_action(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ActionId>,
) -> Result<Json<ResourceAction>, ApiProblem> {
    Ok(Json(domain.actions().one(&actor, id).await?))
}

/// Takes back what was asked for, as long as nobody has begun.
#[utoipa::path(post, path = "/actions/{id}/withdraw", tag = "Actions", params(("id" = ActionId, Path)),
    responses((status = 200, body = ResourceAction)),
    extensions(("x-problems" = json!(["action_not_found", "action_over"]))))]
async fn withdraw_action(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ActionId>,
) -> Result<Json<ResourceAction>, ApiProblem> {
    domain.actions().withdraw(&actor, id).await?;
    Ok(Json(domain.actions().answered(&actor, id).await?))
}

/// What the provider did.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DoneByHand {
    /// A note for those who see the resource.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
    /// What it gives back, for those who see the resource.
    #[serde(default)]
    #[schema(max_items = 20)]
    output: Vec<AccessDetail>,
}

/// Says that an action was done by hand.
#[utoipa::path(post, path = "/actions/{id}/finish", tag = "Actions", params(("id" = ActionId, Path)),
    request_body = DoneByHand, responses((status = 200, body = ResourceAction)),
    extensions(("x-problems" = json!(["action_not_found", "action_over", "action_not_possible"]))))]
async fn finish_action(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ActionId>,
    Body(done): Body<DoneByHand>,
) -> Result<Json<ResourceAction>, ApiProblem> {
    domain
        .actions()
        .finish(&actor, id, (&done.note, &done.output))
        .await?;
    Ok(Json(domain.actions().answered(&actor, id).await?))
}

/// Why an action cannot be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NotDone {
    /// Shown to those who see the resource, 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Says that an action cannot be done by hand.
#[utoipa::path(post, path = "/actions/{id}/refuse", tag = "Actions", params(("id" = ActionId, Path)),
    request_body = NotDone, responses((status = 200, body = ResourceAction)),
    extensions(("x-problems" = json!(["action_not_found", "action_over", "action_not_possible"]))))]
async fn refuse_action(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ActionId>,
    Body(said): Body<NotDone>,
) -> Result<Json<ResourceAction>, ApiProblem> {
    domain.actions().refuse(&actor, id, &said.reason).await?;
    Ok(Json(domain.actions().answered(&actor, id).await?))
}
