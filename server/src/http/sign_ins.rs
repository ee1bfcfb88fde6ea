//! How many sign in at once. Each costs queries, a row and a turn of hashing, so a flood of them is stopped before any of that;
//! of one address there are fewer than of all, so that it leaves places to others.

use std::net::{IpAddr, Ipv4Addr};

use app::ssr::EdgeRefusal;
use auth::ClientAddress;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::access::accounts::network_of;
use http::{HeaderValue, Method, StatusCode, header};

use super::rates::LogLines;
use crate::counts::{Counted, Counts};

/// The form to sign in.
const SIGN_IN: &str = "/fn/sign_in";
/// Sign-ins of all addresses at this process: as many passwords wait at most.
const OF_ALL: usize = 32;
/// Sign-ins of one address: of a whole office behind one, those of the same second.
const OF_ONE_ADDRESS: usize = 12;
/// Seconds after which to try again.
const WAIT: u16 = 2;

/// The sign-ins that are under way at this process.
#[derive(Clone)]
pub(crate) struct SignIns {
    addresses: Counts<IpAddr>,
    all: Counts<()>,
    refused: LogLines,
}

impl Default for SignIns {
    fn default() -> Self {
        Self {
            addresses: Counts::default(),
            all: Counts::default(),
            refused: LogLines::per_minute(1, "too many sign-ins were under way at once"),
        }
    }
}

impl SignIns {
    fn enter(&self, address: &str) -> Option<(Counted<IpAddr>, Counted<()>)> {
        let counted_as = address.parse().map_or(Ipv4Addr::UNSPECIFIED.into(), network_of);
        let of_address = self.addresses.enter(counted_as, OF_ONE_ADDRESS)?;
        Some((of_address, self.all.enter((), OF_ALL)?))
    }
}

/// Refuses to sign in more people at once than this process bears.
pub(crate) async fn limit(State(sign_ins): State<SignIns>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || request.uri().path() != SIGN_IN {
        return next.run(request).await;
    }
    let address = request.extensions().get::<ClientAddress>();
    let Some(_place) = sign_ins.enter(address.map_or("", |address| address.0.as_str())) else {
        sign_ins.refused.note(address);
        return busy();
    };
    next.run(request).await
}

fn busy() -> Response {
    let detail = "Too many people are signing in just now. Go back, wait two seconds and send it again.";
    let refusal = EdgeRefusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Just a moment", detail);
    let mut response = refusal.into_response();
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(WAIT));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_places_to_others() {
        let sign_ins = SignIns::default();
        let one: Vec<_> = (0..100).filter_map(|_| sign_ins.enter("10.0.0.1")).collect();
        assert_eq!(one.len(), OF_ONE_ADDRESS);
        let other = sign_ins.enter("10.0.0.2");
        assert!(other.is_some());
        let network: Vec<_> = (0..100)
            .filter_map(|n| sign_ins.enter(&format!("2001:db8::{n}")))
            .collect();
        assert_eq!(network.len(), OF_ONE_ADDRESS, "a network of IPv6 is one");
        drop(network);
        drop(one);
        assert!(
            sign_ins.enter("10.0.0.1").is_some(),
            "a place that is left is free"
        );
    }

    #[test]
    fn all_addresses_have_so_many_places_and_not_one_more() {
        let sign_ins = SignIns::default();
        let all: Vec<_> = (0..100)
            .filter_map(|n| sign_ins.enter(&format!("10.0.0.{n}")))
            .collect();
        assert_eq!(all.len(), OF_ALL);
    }
}
