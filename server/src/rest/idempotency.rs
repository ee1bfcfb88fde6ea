//! `Idempotency-Key`: the same key and request have one effect and the same answer, whatever the endpoint. Both are one
//! transaction: the handler gets services that are part of it ([`super::extract::Services`]), and it is committed with the
//! answer.

use auth::{ApiActor, Unauthenticated};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{crypto::sha256_hex, idempotency::IdempotencyError, once::Begin};
use http::{HeaderValue, Method, StatusCode, header, request::Parts, uri::PathAndQuery};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use super::{ApiProblem, MAX_BODY, extract::too_large};
use crate::state::AppState;

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";

/// Answers a request that was made before as it was answered then.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // What has been changed or removed stays so when the request is repeated; only POST makes something anew.
    if *request.method() != Method::POST || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let actor = match ApiActor::of(&parts, &state.domain).await {
        Ok(actor) => actor,
        // The handler might find out who it is, and would do it without the key.
        Err(Unauthenticated::NotLookedUp(error)) => return ApiProblem::from(error).into_response(),
        // Who is nobody is refused by the handler, which knows the words.
        Err(Unauthenticated::NoToken | Unauthenticated::Refused) => {
            return next.run(Request::from_parts(parts, body)).await;
        }
    };
    let key = match key_of(&parts) {
        Ok(key) => key,
        Err(error) => return ApiProblem::from(error).into_response(),
    };
    let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
        return too_large().into_response();
    };
    let print = fingerprint(&parts, &bytes);
    let once = match state.domain.begin_once(&actor.0, key, &print).await {
        Ok(Begin::Fresh(once)) => once,
        Ok(Begin::Replay { status, body }) => return replay(status, body),
        Err(error) => return ApiProblem::from(error).into_response(),
    };
    parts.extensions.insert(actor);
    parts.extensions.insert(once.domain().clone());
    let answer = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    // A refusal undoes whatever was done and frees the key for another try.
    let (answer, kept) = keep(answer).await;
    let Some((status, body)) = kept else {
        return answer;
    };
    match once.keep(status, body).await {
        Ok(()) => answer,
        Err(error) => ApiProblem::from(error).into_response(),
    }
}

/// The one key that was sent. What cannot be read as a key is refused: without it a repetition would have a second effect.
fn key_of(parts: &Parts) -> Result<&str, IdempotencyError> {
    let mut sent = parts.headers.get_all(KEY).iter();
    match (sent.next().map(HeaderValue::to_str), sent.next()) {
        (Some(Ok(key)), None) => Ok(key),
        _ => Err(IdempotencyError::BadKey),
    }
}

fn fingerprint(parts: &Parts, body: &[u8]) -> String {
    let target = parts.uri.path_and_query().map_or("", PathAndQuery::as_str);
    let version = parts
        .headers
        .get(header::IF_MATCH)
        .map_or(b"".as_slice(), |tag| tag.as_bytes());
    let head = format!("{} {target}\n", parts.method);
    sha256_hex(&[head.as_bytes(), version, b"\n", body].concat())
}

/// Headers that are part of an answer.
const KEPT: [header::HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

/// An answer as it is kept: JSON as it is, other bodies as text, none as null.
#[derive(Serialize, Deserialize)]
struct Kept {
    headers: BTreeMap<String, String>,
    body: Option<String>,
}

fn replay(status: i32, kept: Value) -> Response {
    let status = u16::try_from(status)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    let Ok(kept) = serde_json::from_value::<Kept>(kept) else {
        tracing::error!("a kept answer cannot be read");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = (status.unwrap_or(StatusCode::OK), kept.body.unwrap_or_default()).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in kept.headers {
        let name = header::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// A success is kept; after a refusal the same key may be used for another try.
async fn keep(answer: Response) -> (Response, Option<(i32, Value)>) {
    if !answer.status().is_success() {
        return (answer, None);
    }
    let (parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return (StatusCode::INTERNAL_SERVER_ERROR.into_response(), None);
    };
    let headers = KEPT.iter().filter_map(|name| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let kept = Kept {
        headers: headers.collect(),
        body: (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned()),
    };
    let kept = serde_json::to_value(kept)
        .ok()
        .map(|kept| (i32::from(parts.status.as_u16()), kept));
    (Response::from_parts(parts, Body::from(bytes)), kept)
}
