//! The framework answers every refusal of a server function as a failure of the server; here each gets the status of its kind.

use app::error::AppError;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;

/// Marks the refusal of a server function.
const REFUSAL: &str = "serverfnerror";
/// Most bytes of a refusal.
const MOST: usize = 256 * 1024;

/// Reads the refusal of a server function and answers it with the status of its kind.
pub(crate) async fn of_refusals(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let failed = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    if !failed || !response.headers().contains_key(REFUSAL) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = match to_bytes(body, MOST).await {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(
                error = domain::trace::cause(&error),
                "a refusal could not be read"
            );
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let refusal = serde_json::from_slice::<AppError>(&bytes).ok();
    if let Some(AppError(problem)) = &refusal {
        domain::trace::note_refused_access(problem);
    }
    let status = refusal.and_then(|refusal| StatusCode::from_u16(refusal.kind().status()).ok());
    parts.status = status.unwrap_or(parts.status);
    Response::from_parts(parts, Body::from(bytes))
}
