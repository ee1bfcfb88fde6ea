//! Where a request comes from, as far as it can be believed: the peer, or behind trusted proxies what they say.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How many proxies stand in front, each of which adds the address that it was asked from to the end of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProxyHops(pub(crate) u32);

/// Notes the client's address, for throttling and for the log.
pub(crate) async fn note(State(hops): State<ProxyHops>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    // An address of IPv4 is the same one however it is written.
    let address = forwarded(request.headers(), hops).or(peer);
    let address = address.map_or_else(String::new, |address| address.to_canonical().to_string());
    request.extensions_mut().insert(auth::ClientAddress(address));
    next.run(request).await
}

/// What the outermost trusted proxy was asked from. Whatever stands before it in the list, in this line or another, anybody
/// may have written. `None` without proxies, and where the list is shorter: then the request did not come through them.
fn forwarded(headers: &HeaderMap, hops: ProxyHops) -> Option<IpAddr> {
    let before = usize::try_from(hops.0).ok()?.checked_sub(1)?;
    let lines = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .map(|line| line.to_str().unwrap_or_default());
    let all: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    all.into_iter().rev().nth(before)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_what_trusted_proxies_wrote_counts_in_whichever_line() {
        let cases: [(&[&str], u32, Option<&str>); 8] = [
            (&["192.0.2.1"], 0, None),
            (&[], 1, None),
            (&["192.0.2.1"], 1, Some("192.0.2.1")),
            (&["6.6.6.6, 192.0.2.1"], 1, Some("192.0.2.1")),
            (&["6.6.6.6", "192.0.2.1"], 1, Some("192.0.2.1")),
            (&["6.6.6.6, 192.0.2.1", "10.0.0.1"], 2, Some("192.0.2.1")),
            (&["192.0.2.1"], 2, None),
            (&["someone"], 1, None),
        ];
        for (lines, hops, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
            }
            assert_eq!(
                forwarded(&headers, ProxyHops(hops)),
                expected.map(|address| address.parse().unwrap()),
                "{lines:?} {hops}"
            );
        }
    }
}
