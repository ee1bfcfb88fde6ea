//! Addresses that nothing within can read: refused once, before anybody looks for what they name.

use app::ssr::{EdgeRefusal, has_control};
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri};
use percent_encoding::percent_decode_str;

/// Lets through what is text without control characters. A path that is not leads nowhere; parameters are told as faulty.
pub(crate) async fn refuse_unreadable(request: Request, next: Next) -> Response {
    match fault(request.uri()) {
        None => next.run(request).await,
        Some(refusal) => refusal.into_response(),
    }
}

fn fault(uri: &Uri) -> Option<EdgeRefusal> {
    // `GET host:80`, as proxies are asked: nothing within expects an address that has no path.
    if uri.path_and_query().is_none() {
        let detail = "The request names a host and no page of it. Ask for a path, such as /marketplace.";
        let title = "This address cannot be read";
        return Some(EdgeRefusal::new(
            StatusCode::BAD_REQUEST,
            "bad_address",
            title,
            detail,
        ));
    }
    if !is_readable(uri.path()) {
        let detail =
            "There is nothing at this address: it holds characters that no address of the portal has.";
        let title = "There is nothing here";
        return Some(EdgeRefusal::new(
            StatusCode::NOT_FOUND,
            "not_found",
            title,
            detail,
        ));
    }
    if !is_readable(uri.query().unwrap_or_default()) {
        let detail = "The part of the address after the question mark holds control characters or is not UTF-8. \
                      Open the page from a link of the portal.";
        let title = "This address cannot be read";
        return Some(EdgeRefusal::new(
            StatusCode::BAD_REQUEST,
            "bad_query",
            title,
            detail,
        ));
    }
    None
}

fn is_readable(part: &str) -> bool {
    percent_decode_str(part)
        .decode_utf8()
        .is_ok_and(|text| !has_control(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_what_is_no_text_are_refused() {
        let status = |address: &str| fault(&address.parse().unwrap()).map(|refusal| refusal.status.as_u16());
        assert_eq!(status("/marketplace?q=R%C3%A4ni%0Aa+b"), None);
        assert_eq!(status("/marketplace?cursor=%00"), Some(400));
        assert_eq!(
            (status("a:80"), status("a")),
            (Some(400), Some(400)),
            "no path at all"
        );
        assert_eq!((status("http://a:80/"), status("*")), (None, None));
        assert_eq!(status("/orders?resource=%01"), Some(400));
        assert_eq!(status("/orders?resource=%ff"), Some(400));
        assert_eq!(status("/invoices/%01/pdf"), Some(404));
        assert_eq!(status("/invoices/%ff/pdf"), Some(404));
    }
}
