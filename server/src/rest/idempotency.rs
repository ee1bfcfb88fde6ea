//! `Idempotency-Key`: the same key and request have one effect and the same answer, whatever the endpoint.

use auth::ApiActor;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{crypto::sha256_hex, idempotency::Begin};
use http::{Method, StatusCode, header, request::Parts};

use super::{ApiProblem, Json, MAX_BODY};
use crate::state::AppState;

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";

/// Answers a request that was made before as it was answered then.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let key = request
        .headers()
        .get(KEY)
        .and_then(|value| value.to_str().ok())
        .map(|key| format!("rest:{key}"));
    let Some(key) = key.filter(|_| !reads) else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    // Who is nobody is refused by the handler, which knows the words.
    let Ok(actor) = ApiActor::of(&parts, &state.domain).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
        return ApiProblem::malformed(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "The body is larger than 2 MB.",
        );
    };
    let keys = state.domain.idempotency();
    match keys.begin(&actor.0, &key, &fingerprint(&parts, &bytes)).await {
        Ok(Begin::Fresh) => {}
        Ok(Begin::Replay { status, body }) => return replay(status, body),
        Err(error) => return ApiProblem::from(error).into_response(),
    }
    parts.extensions.insert(actor.clone());
    let answer = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let (answer, kept) = keep(answer).await;
    let filed = match kept {
        Some((status, body)) => keys.finish(&actor.0, &key, status, body).await,
        None => keys.abandon(&actor.0, &key).await,
    };
    if let Err(error) = filed {
        tracing::warn!(
            error = domain::trace::cause(&error),
            "an answer was not kept under its key"
        );
    }
    answer
}

fn fingerprint(parts: &Parts, body: &[u8]) -> String {
    let head = format!("{} {}\n", parts.method, parts.uri.path());
    sha256_hex(&[head.as_bytes(), body].concat())
}

fn replay(status: i32, body: serde_json::Value) -> Response {
    let status = u16::try_from(status)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    let mut response = (status.unwrap_or(StatusCode::OK), Json(body)).into_response();
    response
        .headers_mut()
        .insert(REPLAYED, header::HeaderValue::from_static("true"));
    response
}

/// A success is kept; after a refusal the same key may be used for another try.
async fn keep(answer: Response) -> (Response, Option<(i32, serde_json::Value)>) {
    if !answer.status().is_success() {
        return (answer, None);
    }
    let (parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return (StatusCode::INTERNAL_SERVER_ERROR.into_response(), None);
    };
    let json = serde_json::from_slice(&bytes).unwrap_or(serde_json::Value::Null);
    let kept = (i32::from(parts.status.as_u16()), json);
    (Response::from_parts(parts, Body::from(bytes)), Some(kept))
}
