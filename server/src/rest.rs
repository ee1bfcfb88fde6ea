//! The REST API at `/api/v1`: the second front door. Handlers take the actor from the token, call one service of the
//! domain and return its read model; rules live below. The OpenAPI description is generated from the handlers.
#![expect(
    unused_qualifications,
    reason = "utoipa's macros qualify the types of parameters"
)]

mod actions;
mod answer;
mod approvals;
mod billing;
mod catalogue;
mod days;
mod describe;
mod durations;
mod extract;
mod fulfilment;
mod idempotency;
mod members;
mod notices;
mod offerings;
mod operations;
mod orders;
mod organization_billing;
mod people;
mod problem;
mod profile;
mod queries;
mod resources;
mod shapes;
mod structure;
mod unknown_fields;
mod webhooks;

use std::sync::Arc;

use axum::{Router, middleware::from_fn_with_state, routing::get};
use http::{HeaderValue, header};
use serde_json::{Value, json};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use self::answer::{Created, Json, Versioned};
pub(crate) use self::problem::{ApiProblem, refused_at_the_edge};
use crate::state::AppState;

/// Most bytes of a request body.
const MAX_BODY: usize = 2 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Stoa",
        version = "1.0.0",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "The people who run this portal"),
        description = "What people do in the portal, programs can do here; only a person's own profile, password and tokens are \
                       changed, and what happened to the ways in is read, in the portal alone. The public catalogue is read by everybody; for all else authenticate with a personal \
                       access token (`Authorization: Bearer stoa_…`). Lists come in pages: pass the `next` of one \
                       page as `cursor` to get the next. Refusals are RFC 9457 problem documents; each operation \
                       lists the codes that it can answer. Parameters and fields that are not described are refused. \
                       A POST takes an `Idempotency-Key`: the same key and body have one effect and the same answer. \
                       What is read with an `ETag` is changed with PATCH or PUT and `If-Match`: of two who change the \
                       same thing, the second is told. Amounts are decimal strings with at most nine decimals; money \
                       is an amount with its currency. What does not apply is `null`."
    ),
    security(("token" = [])),
    components(schemas(problem::ProblemDocument, model::WebhookMessage)),
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
    let contexts: [fn() -> OpenApiRouter<AppState>; 17] = [
        profile::routes,
        structure::routes,
        members::routes,
        people::routes,
        catalogue::routes,
        offerings::routes,
        orders::routes,
        fulfilment::routes,
        resources::routes,
        actions::routes,
        durations::routes,
        billing::routes,
        organization_billing::routes,
        operations::routes,
        notices::routes,
        webhooks::routes,
        approvals::routes,
    ];
    let all = contexts
        .into_iter()
        .fold(OpenApiRouter::new(), |all, routes| all.merge(routes()));
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", all)
}

/// The description of the API.
pub(crate) fn description() -> Value {
    whole(&documented().to_openapi())
}

fn whole(written: &utoipa::openapi::OpenApi) -> Value {
    let mut description = json!(written);
    describe::complete(&mut description);
    description
}

/// The API with its description.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let (routes, written) = documented().split_for_parts();
    let description = whole(&written);
    let shapes = Arc::new(unknown_fields::Shapes::of(&description));
    let text: Arc<str> = description.to_string().into();
    let described = move || async move {
        let kind = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, kind)], text.to_string())
    };
    routes
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(from_fn_with_state(state.clone(), idempotency::once))
        .layer(from_fn_with_state(
            shapes,
            unknown_fields::refuse_unknown_parameters,
        ))
        .layer(from_fn_with_state(
            state.undescribed.clone(),
            problem::note_undescribed,
        ))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .route("/api/v1/openapi.json", get(described))
        .route("/api/{*path}", axum::routing::any(problem::no_such_endpoint))
}
