//! How often one address may send what changes something, and how often it may ask the API without a token and read pages
//! without being signed in.

use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use app::ssr::EdgeRefusal;
use auth::{AuthSession, ClientAddress};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::access::accounts::network_of;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};
use http::{Extensions, HeaderValue, StatusCode, header};

/// From here on, and whenever there are twice as many again, addresses that were quiet for a minute are forgotten.
const MANY_ADDRESSES: usize = 10_000;

type Limiter<C> = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The requests of each address; no limit where the configuration sets none. What is refused is said in the log, of each
/// address once in a minute.
#[derive(Clone)]
pub(crate) struct Rates<C: Clock = DefaultClock> {
    counted: Option<Counted<C>>,
    lines: LogLines,
}

/// Lines of the log about each address, at most so many in a minute: however much is refused, the log does not fill.
#[derive(Clone)]
pub(crate) struct LogLines {
    counted: Counted<DefaultClock>,
    line: &'static str,
}

/// What came from each network within a minute.
#[derive(Clone)]
struct Counted<C: Clock>(Arc<Limited<C>>);

struct Limited<C: Clock> {
    limiter: Limiter<C>,
    /// With so many addresses those that were quiet are forgotten.
    forget_at: AtomicUsize,
}

impl LogLines {
    /// This line, so often in a minute and once at least.
    pub(crate) fn per_minute(most: u32, line: &'static str) -> Self {
        let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
        Self {
            counted: Counted::by_clock(most, DefaultClock::default()),
            line,
        }
    }

    /// Writes the line about this address, if it may be written again.
    pub(crate) fn note(&self, address: Option<&ClientAddress>) {
        let address = address.map_or("", |address| address.0.as_str());
        let counted_as = address.parse().unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        if self.counted.wait(counted_as).is_none() {
            tracing::info!(client.address = address, "{}", self.line);
        }
    }
}

impl Rates {
    /// So many at once, and after that as many as fit evenly into a minute. `line` tells in the log of what is refused.
    pub(crate) fn per_minute(requests: u32, line: &'static str) -> Self {
        Self::by_clock(requests, DefaultClock::default(), line)
    }

    /// Whole seconds that the address of this request has to wait; none where it may pass.
    pub(crate) fn wait_of(&self, extensions: &Extensions) -> Option<u32> {
        let address = extensions.get::<ClientAddress>()?;
        let seconds = self.wait(address.0.parse().ok()?)?;
        self.lines.note(Some(address));
        Some(seconds)
    }
}

impl<C: Clock> Rates<C> {
    fn by_clock(requests: u32, clock: C, line: &'static str) -> Self {
        Self {
            counted: NonZeroU32::new(requests).map(|requests| Counted::by_clock(requests, clock)),
            lines: LogLines::per_minute(1, line),
        }
    }

    /// Whole seconds to wait; none where this one may pass.
    fn wait(&self, address: IpAddr) -> Option<u32> {
        self.counted.as_ref()?.wait(address)
    }
}

impl<C: Clock> Counted<C> {
    fn by_clock(most: NonZeroU32, clock: C) -> Self {
        Self(Arc::new(Limited {
            limiter: RateLimiter::new(Quota::per_minute(most), HashMapStateStore::default(), clock),
            forget_at: AtomicUsize::new(MANY_ADDRESSES),
        }))
    }

    /// Whole seconds to wait; none where this one may pass.
    fn wait(&self, address: IpAddr) -> Option<u32> {
        let Limited { limiter, forget_at } = &*self.0;
        if limiter.len() > forget_at.load(Ordering::Relaxed) {
            limiter.retain_recent();
            // Not again at the next request, where all of them are busy.
            let next = limiter.len().saturating_mul(2).max(MANY_ADDRESSES);
            forget_at.store(next, Ordering::Relaxed);
        }
        let refused = limiter.check_key(&network_of(address)).err()?;
        let seconds = refused.wait_time_from(limiter.clock().now()).as_secs();
        Some(u32::try_from(seconds).unwrap_or(u32::MAX).saturating_add(1))
    }
}

/// Refuses what comes too often, and says when to come again.
pub(crate) async fn limit(State(rates): State<Rates>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let Some(seconds) = rates.wait_of(request.extensions()) else {
        return next.run(request).await;
    };
    let detail = format!("Too much was sent from your address. Wait {seconds} seconds and send it again.");
    refuse(seconds, detail)
}

/// Refuses pages that are read too often without being signed in, and says when to come again. A cookie that opens nothing
/// counts as none.
pub(crate) async fn limit_visitors(State(rates): State<Rates>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<AuthSession>();
    let signed_in = session.is_some_and(|session| session.user.is_some());
    if signed_in || !request.method().is_safe() {
        return next.run(request).await;
    }
    let Some(seconds) = rates.wait_of(request.extensions()) else {
        return next.run(request).await;
    };
    let detail =
        format!("Too much was read from your address. Wait {seconds} seconds and load the page again.");
    refuse(seconds, detail)
}

fn refuse(seconds: u32, detail: String) -> Response {
    let title = "Too many requests";
    let refusal = EdgeRefusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", title, detail);
    let mut response = refusal.into_response();
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn each_network_has_its_own_count_and_none_is_no_limit() {
        let rates = Rates::by_clock(2, FakeRelativeClock::default(), "");
        let wait = |address: &str| rates.wait(address.parse().unwrap()).is_some();
        assert_eq!(
            [wait("10.0.0.1"), wait("10.0.0.1"), wait("10.0.0.1")],
            [false, false, true]
        );
        assert!(!wait("10.0.0.2"));
        assert_eq!(
            [wait("2001:db8::1"), wait("2001:db8::2"), wait("2001:db8::3")],
            [false, false, true]
        );
        assert!(!wait("2001:db8:0:1::1"));
        // A socket of both families shows addresses of IPv4 so.
        assert!(!wait("::ffff:192.0.2.1") && !wait("::ffff:192.0.2.1") && wait("::ffff:192.0.2.1"));
        assert!(!wait("::ffff:192.0.2.2") && wait("192.0.2.1"));
        let free = Rates::per_minute(0, "");
        assert!((0..100).all(|_| free.wait("10.0.0.1".parse().unwrap()).is_none()));
    }

    #[test]
    fn who_waits_as_long_as_told_may_go_on() {
        let clock = FakeRelativeClock::default();
        let rates = Rates::by_clock(120, clock.clone(), "");
        let wait = || rates.wait(Ipv4Addr::LOCALHOST.into());
        assert!((0..120).all(|_| wait().is_none()), "all of a minute at once");
        let told = wait().unwrap();
        clock.advance(Duration::from_millis(400));
        assert!(wait().is_some(), "too early");
        clock.advance(Duration::from_secs(told.into()));
        assert!(wait().is_none());
    }
}
