//! The REST API at `/api/v1`: the second front door. Handlers take the actor from the token, call one service of the
//! domain and return its read model; rules live below. The OpenAPI description is generated from the handlers.
#![expect(
    unused_qualifications,
    reason = "utoipa's macros qualify the types of parameters"
)]

mod answer;
mod billing;
mod catalogue;
mod extract;
mod fulfilment;
mod idempotency;
mod offerings;
mod operations;
mod orders;
mod problem;
mod queries;
mod resources;
mod standing;
mod structure;

use axum::{Router, middleware::from_fn_with_state, routing::get};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use self::answer::Json;
pub(crate) use self::problem::ApiProblem;
use crate::state::AppState;

/// Most bytes of a request body.
const MAX_BODY: usize = 2 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Stoa",
        version = "1.0.0",
        description = "Everything that people do in the portal, programs can do here. Authenticate with a personal \
                       access token (`Authorization: Bearer stoa_…`). Lists come in pages: pass the `next` of one \
                       page as `cursor` to get the next. Refusals are RFC 9457 problem documents. Requests that \
                       change something take an `Idempotency-Key`: the same key and body have one effect and the \
                       same answer."
    ),
    security(("token" = [])),
    components(schemas(problem::ProblemDocument)),
    modifiers(&TokenSecurity)
)]
struct Description;

struct TokenSecurity;

impl Modify for TokenSecurity {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A personal access token."));
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
    }
}

fn documented() -> OpenApiRouter<AppState> {
    let contexts = [
        structure::routes(),
        catalogue::routes(),
        offerings::routes(),
        orders::routes(),
        fulfilment::routes(),
        resources::routes(),
        billing::routes(),
        standing::routes(),
        operations::routes(),
    ];
    let all = contexts
        .into_iter()
        .fold(OpenApiRouter::new(), OpenApiRouter::merge);
    let mut whole = OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", all);
    name_operations(whole.get_openapi_mut());
    whole
}

/// Names every operation after its method and path: `post_orders_id_approve`. Handlers are called `list` and `read` in
/// every context, and programs are generated from names that are unique.
fn name_operations(api: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let place = path
            .trim_start_matches("/api/v1/")
            .replace(['/', '-'], "_")
            .replace(['{', '}'], "");
        let methods = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
}

/// The description of the API.
pub(crate) fn description() -> utoipa::openapi::OpenApi {
    documented().to_openapi()
}

/// The API with its description.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let (routes, description) = documented().split_for_parts();
    routes
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(from_fn_with_state(state.clone(), idempotency::once))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .route("/api/v1/openapi.json", get(async move || Json(description)))
        .route("/api/{*path}", axum::routing::any(problem::no_such_endpoint))
}
