//! For those who run Stoa: is the process alive, can it work, what does it do.

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Operations, crypto::sha256_hex};
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;

use super::rates::LogLines;

/// What these answers are made of. They are not for people: nobody signs in, so nothing authorises them.
#[derive(Clone)]
struct Health {
    operations: Operations,
    metrics: Arc<PrometheusHandle>,
}

/// Live and ready, for anybody; metrics only for who brings `token`, and nowhere without one.
pub(crate) fn routes(operations: Operations, metrics: Arc<PrometheusHandle>, token: Option<&str>) -> Router {
    let health = Health { operations, metrics };
    let open = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(health.clone());
    let Some(token) = token else {
        return open;
    };
    let expected = MetricsToken {
        sha256: sha256_hex(token.as_bytes()).into(),
        refused: LogLines::per_minute(1, "metrics were asked for without their token"),
    };
    let guarded = Router::new()
        .route("/metrics", get(exported))
        .layer(from_fn_with_state(expected, refuse_without_token))
        .with_state(health);
    open.merge(guarded)
}

/// Metrics on a listener of their own, which only those reach who may.
pub(crate) fn metrics_routes(operations: Operations, metrics: Arc<PrometheusHandle>) -> Router {
    Router::new()
        .route("/metrics", get(exported))
        .with_state(Health { operations, metrics })
}

/// The SHA-256 of the token: hashes of what is brought tell nothing by how long they take to compare.
#[derive(Clone)]
struct MetricsToken {
    sha256: Arc<str>,
    refused: LogLines,
}

async fn refuse_without_token(
    State(expected): State<MetricsToken>,
    request: Request,
    next: Next,
) -> Response {
    let header = request.headers().get(header::AUTHORIZATION);
    let brought = header
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "));
    if brought.is_some_and(|token| sha256_hex(token.trim().as_bytes()) == *expected.sha256) {
        return next.run(request).await;
    }
    expected.refused.note(request.extensions().get());
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, challenge, "metrics need their token\n").into_response()
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    match health.operations.db().ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(
                error = domain::trace::cause(&error),
                "the database does not answer"
            );
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

async fn exported(State(health): State<Health>) -> impl IntoResponse {
    match health.operations.jobs().counts().await {
        Ok(counts) => {
            for one in counts {
                let count = u32::try_from(one.count).unwrap_or(u32::MAX);
                metrics::gauge!("stoa_jobs", "kind" => one.kind, "state" => one.state.as_str()).set(count);
            }
        }
        Err(error) => tracing::warn!(error = domain::trace::cause(&error), "jobs could not be counted"),
    }
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        health.metrics.render(),
    )
}
