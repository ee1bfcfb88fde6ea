//! Refuses posts that another site's page sends with our cookies. `SameSite=Lax` alone would let sister domains through.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};

/// The origin under which people reach the portal.
#[derive(Debug, Clone)]
pub(crate) struct PublicOrigin(pub(crate) String);

/// Lets reading through, and writing only from our own pages or from programs that are no browsers.
pub(crate) async fn refuse_foreign_posts(
    State(origin): State<PublicOrigin>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_own(request.headers(), &origin.0) {
        return next.run(request).await;
    }
    let address = request.extensions().get::<auth::ClientAddress>();
    tracing::warn!(
        client.address = address.map_or("", |address| address.0.as_str()),
        http.path = request.uri().path(),
        "a post from another site was refused"
    );
    let message =
        "This form was sent from another site, so it was not accepted. Open the page here and try again.";
    (StatusCode::FORBIDDEN, message).into_response()
}

fn is_own(headers: &HeaderMap, public_origin: &str) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok())
    {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    match text(header::ORIGIN) {
        // No browser leaves both headers out of a post that carries cookies.
        None => true,
        Some(origin) if origin == public_origin => true,
        // Under another name that leads here, but never from a page that came unprotected to a portal that is protected.
        Some(origin) => {
            let is_tls = public_origin.starts_with("https://");
            let parts = origin.split_once("://");
            parts.is_some_and(|(scheme, host)| {
                (scheme == "https" || !is_tls) && Some(host) == text(header::HOST)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_post() {
        let own = "https://portal.example.org";
        let cases: [(&[(&str, &str)], bool); 7] = [
            (&[], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://portal.example.org"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "https://portal.example.org")], true),
            (
                &[
                    ("origin", "https://evil.example.org"),
                    ("host", "portal.example.org"),
                ],
                false,
            ),
        ];
        for (pairs, expected) in cases {
            let built: HeaderMap = pairs
                .iter()
                .map(|(n, v)| (n.parse::<http::HeaderName>().unwrap(), v.parse().unwrap()))
                .collect();
            assert_eq!(is_own(&built, own), expected, "{pairs:?}");
        }
        let here = headers(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]);
        assert!(is_own(&here, "http://localhost:8080"));
        assert!(!is_own(&here, own), "a page that came unprotected");
    }
}
