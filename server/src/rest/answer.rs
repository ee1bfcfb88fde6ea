//! Answers as JSON: plain, of what was made, and with the version of what is shown.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

/// What most answers fit into without growing, in bytes.
const USUAL: usize = 4096;

/// A value as a JSON answer. Unlike axum's it is written into one plain vector, which takes half the time for long lists.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(USUAL);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => {
                let kind = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, kind)], body).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// 201: what was made, and where it is from now on.
pub(crate) struct Created<T> {
    path: String,
    thing: T,
}

impl<T> Created<T> {
    /// `path` is below `/api/v1`.
    pub(crate) fn at(path: impl std::fmt::Display, thing: T) -> Self {
        Self {
            path: format!("/api/v1{path}"),
            thing,
        }
    }
}

impl<T: IntoResponse> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::CREATED, self.thing).into_response();
        put(response.headers_mut(), header::LOCATION, &self.path);
        response
    }
}

/// What has a version that a change names as `If-Match`.
pub(crate) trait HasVersion {
    /// The version in quotes, as `ETag` has it.
    fn etag(&self) -> String;
}

/// A thing with the state in which a change must find it. The state is read first: what is shown is as new, or newer.
#[derive(Serialize)]
pub(crate) struct Stated<T> {
    /// The thing.
    #[serde(flatten)]
    pub(crate) thing: T,
    /// Its state, as its service tells it.
    #[serde(skip)]
    pub(crate) state: String,
}

impl<T> HasVersion for Stated<T> {
    fn etag(&self) -> String {
        format!("\"{}\"", self.state)
    }
}

/// A value as a JSON answer with its version.
pub(crate) struct Versioned<T>(pub(crate) T);

impl<T: Serialize + HasVersion> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let etag = self.0.etag();
        let mut response = Json(self.0).into_response();
        put(response.headers_mut(), header::ETAG, &etag);
        response
    }
}

fn put(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    match HeaderValue::from_str(text) {
        Ok(value) => drop(headers.insert(name, value)),
        Err(error) => tracing::error!(%error, header = %name, "a header could not be written"),
    }
}
