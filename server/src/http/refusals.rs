//! Refusals of the edge in the form that their reader takes: a page for browsers, a problem document for programs.

use std::sync::Arc;

use app::ssr::EdgeRefusal;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, header};

use crate::rest;

/// Turns what the layers within refuse into a page or a problem document.
pub(crate) async fn dress(State(stylesheet): State<Arc<str>>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let browser = takes_html(request.headers());
    let response = next.run(request).await;
    let Some(refusal) = response.extensions().get::<EdgeRefusal>() else {
        return response;
    };
    let mut dressed = if api {
        rest::refused_at_the_edge(refusal)
    } else if browser {
        refusal.page(&stylesheet)
    } else {
        return response;
    };
    if let Some(after) = response.headers().get(header::RETRY_AFTER) {
        dressed.headers_mut().insert(header::RETRY_AFTER, after.clone());
    }
    dressed
}

fn takes_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
