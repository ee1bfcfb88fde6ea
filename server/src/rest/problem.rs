//! Refusals of the API: the one place where a problem becomes a status and an RFC 9457 document.

use app::ssr::EdgeRefusal;
use auth::ClientAddress;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::DomainError;
use http::{HeaderValue, StatusCode, header};
use model::{FieldFault, Kind, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::{answer::Json, describe::status_of};
use crate::http::rates::LogLines;

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

impl ApiProblem {
    /// A request whose form is wrong, before its content is looked at. The code says the status.
    pub(crate) fn malformed(code: &str, detail: impl Into<String>, fields: Vec<FieldFault>) -> Self {
        Self(Problem {
            fields,
            ..Problem::plain(Kind::Invalid, code, detail)
        })
    }

    /// Fields of a body are at fault.
    pub(crate) fn invalid(fields: Vec<FieldFault>) -> Self {
        Self(Problem::invalid(fields))
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
        domain::trace::note_refused_access(&self.0);
        let undescribed = is_undescribed(&self.0);
        let kind = self.0.kind;
        let (status, title) = status_of(&self.0.code).unwrap_or((kind.status(), kind.title()));
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = document(status, title, self.0);
        if undescribed {
            response.extensions_mut().insert(Undescribed);
        }
        response
    }
}

/// Marks the answer to what the description does not have.
#[derive(Debug, Clone, Copy)]
struct Undescribed;

/// Whether fields or parameters were sent that the description does not have: a mistake, or somebody who tries.
fn is_undescribed(problem: &Problem) -> bool {
    let is_field = |fault: &FieldFault| fault.code == "unknown_field";
    problem.code == "unknown_parameter" || problem.fields.iter().any(is_field)
}

/// Tells the log of what was sent and is not described.
pub(super) async fn note_undescribed(
    State(lines): State<LogLines>,
    request: Request,
    next: Next,
) -> Response {
    let address = request.extensions().get::<ClientAddress>().cloned();
    let response = next.run(request).await;
    if response.extensions().get::<Undescribed>().is_some() {
        lines.note(address.as_ref());
    }
    response
}

fn document(status: StatusCode, title: &'static str, problem: Problem) -> Response {
    let retry_after = problem.retry_after;
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
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// What the edge refused before any endpoint was asked.
pub(crate) fn refused_at_the_edge(refusal: &EdgeRefusal) -> Response {
    let problem = Problem::plain(Kind::Invalid, refusal.code, &refusal.detail);
    document(refusal.status, refusal.title, problem)
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
