//! A request that changes something runs to its end, also when the client hangs up meanwhile: else what it began would be
//! dropped between two of its steps.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tokio_util::task::TaskTracker;

/// Runs what is not a mere reading as a task of its own, which outlives the connection. The process waits for these tasks
/// before it ends.
pub(crate) async fn run_to_end(State(tasks): State<TaskTracker>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tasks.spawn(domain::trace::inherit(next.run(request))).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(error = domain::trace::cause(&error), "a request was cut off");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::any};
    use http::Method;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;

    /// Whether work was done by a request whose client hung up in the middle of it.
    async fn done_after_hanging_up(method: Method) -> bool {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (done, tasks) = (Arc::new(AtomicBool::new(false)), TaskTracker::new());
        let handler = {
            let (begun, go_on, done) = (Arc::clone(&begun), Arc::clone(&go_on), Arc::clone(&done));
            async move || {
                begun.notify_one();
                go_on.notified().await;
                done.store(true, Ordering::SeqCst);
            }
        };
        let router: Router = Router::new()
            .route("/", any(handler))
            .layer(from_fn_with_state(tasks.clone(), run_to_end));
        let request = Request::builder()
            .method(method)
            .uri("/")
            .body(Body::empty())
            .unwrap();
        let client = TaskTracker::new().spawn(router.oneshot(request));
        begun.notified().await;
        client.abort();
        assert!(client.await.unwrap_err().is_cancelled());
        go_on.notify_one();
        tasks.close();
        tasks.wait().await;
        done.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn what_changes_something_outlives_its_client_and_what_only_reads_does_not() {
        assert!(done_after_hanging_up(Method::POST).await);
        assert!(done_after_hanging_up(Method::DELETE).await);
        assert!(!done_after_hanging_up(Method::GET).await);
    }
}
