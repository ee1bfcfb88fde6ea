//! The files of the portal: script, wasm, styles, fonts. They are inside the binary, compressed beforehand, and under
//! an address that names their content, so that browsers may keep them for ever.

use axum::{
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The name of this build's folder of assets; none when the assets were not built.
pub(crate) fn build_id() -> Option<String> {
    let file = Site::get("BUILD_ID")?;
    std::str::from_utf8(&file.data)
        .ok()
        .map(|text| text.trim().to_owned())
}

/// `/pkg/<build>/…`: never changes.
pub(crate) async fn package(Path(path): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("pkg/{path}"), &headers, FOREVER)
}

/// A file of `public/` by its own name.
pub(crate) async fn public(uri: http::Uri, headers: HeaderMap) -> Response {
    serve(uri.path().trim_start_matches('/'), &headers, A_DAY)
}

fn serve(path: &str, headers: &HeaderMap, keep: HeaderValue) -> Response {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.contains(encoding))
        .find_map(|(encoding, ending)| Some((encoding, Site::get(&format!("{path}.{ending}"))?)));
    let (encoding, file) = match (packed, Site::get(path)) {
        (Some((encoding, file)), Some(_)) => (Some(encoding), file),
        (_, Some(file)) => (None, file),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    answer(path, encoding, file, keep)
}

fn answer(path: &str, encoding: Option<&'static str>, file: EmbeddedFile, keep: HeaderValue) -> Response {
    let mut response = Response::new(Body::from(file.data));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    out.insert(header::CACHE_CONTROL, keep);
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// The names of the files of `public/`, as they were when the assets were built.
pub(crate) fn public_files() -> Vec<String> {
    let packed = |name: &str| {
        name.rsplit_once('.')
            .is_some_and(|(_, ending)| ending == "br" || ending == "gz")
    };
    let all = Site::iter().map(|name| name.to_string());
    all.filter(|name| !packed(name) && !name.starts_with("pkg/") && name != "BUILD_ID")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::content_type;

    #[test]
    fn what_is_text_says_in_which_characters() {
        for name in ["portal.js", "portal.css", "favicon.svg", "licence.txt"] {
            let kind = content_type(name);
            assert!(kind.ends_with("; charset=utf-8"), "{name}: {kind}");
        }
        assert_eq!(content_type("portal.wasm"), "application/wasm");
    }
}
