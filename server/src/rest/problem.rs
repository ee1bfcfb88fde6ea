//! Refusals of the API: the one place where a problem becomes a status and an RFC 9457 document.

use axum::response::{IntoResponse, Response};
use domain::DomainError;
use http::{HeaderValue, StatusCode, header};
use model::{FieldFault, Kind, Problem};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::Json;

/// A refusal on its way to a program.
#[derive(Debug)]
pub(crate) struct ApiProblem(pub(crate) Problem);

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDocument {
    /// Always `about:blank`: `code` says which problem it is.
    r#type: &'static str,
    /// The family of the failure, in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// Stable machine name of this refusal.
    code: String,
    /// What happened and what to do.
    detail: String,
    /// Faulty fields of the request.
    fields: Vec<FieldFault>,
    /// The id under which the server's logs know this request.
    trace_id: String,
}

/// The refusals that any endpoint may answer with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only describes answers; its variants are never built")]
pub(crate) enum Refusals {
    /// The request is no valid JSON or query.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(ProblemDocument),
    /// No token, or one that is unknown, expired or revoked.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(ProblemDocument),
    /// The token's scopes or its owner's roles do not allow this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemDocument),
    /// It does not exist, or is not yours.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemDocument),
    /// It clashes with the present state.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemDocument),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemDocument),
    /// The body is no JSON by its content type.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(ProblemDocument),
    /// Fields are at fault; `fields` says which.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(ProblemDocument),
    /// Too many tries.
    #[response(status = 429, content_type = "application/problem+json")]
    Throttled(ProblemDocument),
    /// A part that is needed is not reachable now.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDocument),
}

impl ApiProblem {
    /// A request whose form is wrong, before its content is looked at.
    pub(crate) fn malformed(status: StatusCode, code: &str, detail: impl Into<String>) -> Response {
        document(
            status,
            "The request could not be read",
            Problem::plain(Kind::Invalid, code, detail),
        )
    }
}

impl<E: Into<DomainError>> From<E> for ApiProblem {
    fn from(error: E) -> Self {
        let error: DomainError = error.into();
        let problem = error.problem();
        if matches!(problem.kind, Kind::Internal | Kind::Unavailable) {
            tracing::error!(error = domain::trace::cause(&error), "an API request failed");
        }
        Self(problem)
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let kind = self.0.kind;
        let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        document(status, kind.title(), self.0)
    }
}

fn document(status: StatusCode, title: &'static str, problem: Problem) -> Response {
    let body = ProblemDocument {
        r#type: "about:blank",
        title,
        status: status.as_u16(),
        code: problem.code,
        detail: problem.detail,
        fields: problem.fields,
        trace_id: problem.trace_id.unwrap_or_else(domain::trace::current),
    };
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Below `/api/` there is nothing but what is documented.
pub(crate) async fn no_such_endpoint() -> Response {
    ApiProblem(Problem::plain(
        Kind::NotFound,
        "no_such_endpoint",
        "There is no such endpoint. The description is at /api/v1/openapi.json.",
    ))
    .into_response()
}

/// The address is right, the method is not; the header `Allow` says which are.
pub(crate) async fn wrong_method() -> Response {
    let detail = "This endpoint does not take this method. The header `Allow` lists those it takes.";
    document(
        StatusCode::METHOD_NOT_ALLOWED,
        "The method does not fit",
        Problem::plain(Kind::Invalid, "wrong_method", detail),
    )
}
