//! Bodies are read whole, at most so large and so long, before anything is done with them.

use std::time::Duration;

use app::ssr::{EdgeRefusal, MAX_FORM};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;

/// Reads the body of a request that changes something.
pub(crate) async fn read_whole(State(most): State<Duration>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(most, to_bytes(body, MAX_FORM)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(error)) => {
            tracing::debug!(error = domain::trace::cause(&error), "a body was not read");
            let detail = "What was sent is larger than 2 MB, or broke off. Send less at once.";
            let title = "This is too large";
            EdgeRefusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", title, detail).into_response()
        }
        Err(_too_slow) => {
            let detail = "What was sent took too long to arrive, so nothing was done. Send it again.";
            let title = "This took too long";
            EdgeRefusal::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", title, detail).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn_with_state, routing::post};
    use futures::{StreamExt, stream};
    use tokio::sync::oneshot;
    use tower::ServiceExt;

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_hours(1);

    async fn sent(within: Duration, body: Body) -> StatusCode {
        let router: Router = Router::new()
            .route("/", post(async |body: axum::body::Bytes| drop(body)))
            .layer(axum::extract::DefaultBodyLimit::disable())
            .layer(from_fn_with_state(within, read_whole));
        let request = Request::post("/").body(body).unwrap();
        router.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_body_has_so_many_bytes_and_not_one_more() {
        assert_eq!(sent(LONG, Body::from(vec![0; MAX_FORM])).await, 200);
        assert_eq!(sent(LONG, Body::from(vec![0; MAX_FORM + 1])).await, 413);
    }

    #[tokio::test]
    async fn a_body_that_takes_too_long_is_refused_and_one_that_takes_as_long_where_it_may_is_not() {
        let (rest, comes) = oneshot::channel::<&str>();
        let begun = stream::iter([Ok("begun")]);
        let patient = Body::from_stream(begun.clone().chain(stream::once(comes)));
        let never =
            Body::from_stream(begun.chain(stream::pending::<Result<&str, oneshot::error::RecvError>>()));
        let (patient, ()) = tokio::join!(sent(LONG, patient), async {
            assert_eq!(sent(SHORT, never).await, 408);
            rest.send("ended").unwrap();
        });
        assert_eq!(patient, 200);
    }
}
