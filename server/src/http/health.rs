//! For those who run Stoa: is the process alive, can it work, what does it do.

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use domain::Operations;
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;

/// What these answers are made of. They are not for people: nobody signs in, so nothing authorises them.
#[derive(Clone)]
struct Health {
    operations: Operations,
    metrics: Arc<PrometheusHandle>,
}

/// Live, ready, metrics; none of them needs a session.
pub(crate) fn routes(operations: Operations, metrics: Arc<PrometheusHandle>) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(exported))
        .with_state(Health { operations, metrics })
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
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        health.metrics.render(),
    )
}
