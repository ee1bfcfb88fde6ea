//! One id from the click to the job: made here or taken over from a trusted proxy, in every log line, audit event and job
//! of the request.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header::RETRY_AFTER};
use rand::distr::{Alphanumeric, SampleString};
use tracing::Instrument;

use super::client_address::ProxyHops;

/// Carries the id in and out.
pub(crate) const TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");
const LENGTH: usize = 20;

/// Gives the request its id, logs it once when it is answered, and counts it.
pub(crate) async fn follow(State(hops): State<ProxyHops>, request: Request, next: Next) -> Response {
    // Anybody could choose the id under which something is found in the log; a trusted proxy has looked at it.
    let brought = if hops.0 > 0 { incoming(&request) } else { None };
    let id = brought.unwrap_or_else(|| Alphanumeric.sample_string(&mut rand::rng(), LENGTH));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    // Whoever finds out who asks says so here: `auth` of a token; of a session its own layer does.
    let span = tracing::info_span!("request", trace.id = %id, user.id = tracing::field::Empty);
    let started = Instant::now();
    let mut response = domain::trace::with(id.clone(), next.run(request))
        .instrument(span.clone())
        .await;
    let seconds = started.elapsed();
    let status = response.status().as_u16();
    metrics::counter!("stoa_http_requests_total", "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("stoa_http_request_seconds", "route" => route).record(seconds);
    span.in_scope(|| {
        let elapsed_ms = seconds.as_millis();
        // What is refused for a while says when to come again, and whoever refuses it says so in the log, once in a minute.
        if status >= 500 && !response.headers().contains_key(RETRY_AFTER) {
            tracing::error!(http.method = %method, http.path = path, http.status = status, elapsed_ms, "answered");
        } else {
            tracing::debug!(http.method = %method, http.path = path, http.status = status, elapsed_ms, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(TRACE_ID, value);
    }
    response
}

/// An id that a proxy brings, if it is harmless to log.
fn incoming(request: &Request) -> Option<String> {
    let text = request.headers().get(TRACE_ID)?.to_str().ok()?;
    let harmless =
        (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    harmless.then(|| text.to_owned())
}
