//! What is refused before a page or an endpoint is asked: the answer is made here and dressed for who reads it at the edge.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;

use crate::components::CentredFrame;

/// A refusal of the edge. It travels with the answer, so that people get a page and programs a problem document.
#[derive(Debug, Clone)]
pub struct EdgeRefusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// The stable name of the refusal.
    pub code: &'static str,
    /// What happened, in few words.
    pub title: &'static str,
    /// What happened and what to do.
    pub detail: String,
}

impl EdgeRefusal {
    /// A refusal with these words.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
        }
    }

    /// The page of the refusal, for browsers.
    pub fn page(&self, stylesheet: &str) -> Response {
        let (title, detail) = (self.title, self.detail.clone());
        let owner = Owner::new();
        let body = owner.with(|| {
            view! {
                <CentredFrame title=title>
                    <p>{detail}</p>
                </CentredFrame>
            }
            .to_html()
        });
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{} · Stoa</title><link rel=\"stylesheet\" href=\"{}\"></head><body>{body}</body></html>",
            html_escape::encode_text(title),
            html_escape::encode_double_quoted_attribute(stylesheet),
        );
        let mut response = (self.status, axum::response::Html(html)).into_response();
        let policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        response
    }
}

impl IntoResponse for EdgeRefusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.detail.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
