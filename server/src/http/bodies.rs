//! Bodies are read whole, at most so large and so long, before anything is done with them.

use std::time::Duration;

use app::ssr::{EdgeRefusal, MAX_FORM, MAX_FORM_OF_VISITORS};
use axum::body::HttpBody;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

/// Reads the body of a request that changes something.
pub(crate) async fn read_whole(State(most): State<Duration>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let most_bytes = most_of(&request);
    let (parts, body) = request.into_parts();
    // What says that it is larger is not read at all.
    let said = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let read = async {
        if said > most_bytes {
            return Err(None);
        }
        to_bytes(body, most_bytes).await.map_err(Some)
    };
    match tokio::time::timeout(most, read).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(error)) => {
            let error = error.map(|error| domain::trace::cause(&error).to_string());
            tracing::debug!(error, "a body was not read");
            let size = if most_bytes == MAX_FORM { "2 MB" } else { "64 kB" };
            let detail = format!("What was sent is larger than {size}, or broke off. Send less at once.");
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

/// Who has no session sends one form, the one to sign in.
fn most_of(request: &Request) -> usize {
    let mut cookies = request.headers().get_all(header::COOKIE).iter();
    let may_have_session = cookies.any(|cookie| cookie.as_bytes().windows(4).any(|part| part == b"sid="));
    if request.uri().path().starts_with("/fn/") && !may_have_session {
        MAX_FORM_OF_VISITORS
    } else {
        MAX_FORM
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
        sent_to("/", "", within, body).await
    }

    async fn sent_to(path: &str, cookie: &str, within: Duration, body: Body) -> StatusCode {
        let router: Router = Router::new()
            .route("/", post(async |body: axum::body::Bytes| drop(body)))
            .route("/fn/sign_in", post(async |body: axum::body::Bytes| drop(body)))
            .layer(axum::extract::DefaultBodyLimit::disable())
            .layer(from_fn_with_state(within, read_whole));
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .body(body)
            .unwrap();
        router.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_body_has_so_many_bytes_and_not_one_more() {
        assert_eq!(sent(LONG, Body::from(vec![0; MAX_FORM])).await, 200);
        assert_eq!(sent(LONG, Body::from(vec![0; MAX_FORM + 1])).await, 413);
    }

    #[tokio::test]
    async fn who_has_no_session_sends_a_small_form() {
        let form = |bytes: usize| Body::from(vec![0; bytes]);
        assert_eq!(
            sent_to("/fn/sign_in", "theme=dark", LONG, form(MAX_FORM_OF_VISITORS)).await,
            200
        );
        assert_eq!(
            sent_to("/fn/sign_in", "theme=dark", LONG, form(MAX_FORM_OF_VISITORS + 1)).await,
            413
        );
        assert_eq!(
            sent_to("/fn/sign_in", "theme=dark; sid=x", LONG, form(MAX_FORM)).await,
            200
        );
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
