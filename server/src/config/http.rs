use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use super::Reader;
use crate::connections::ConnectionLimits;

/// A token that cannot be guessed.
const SHORTEST_TOKEN: usize = 20;

/// How the portal is reached.
#[derive(Clone)]
pub struct HttpConfig {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address at which people reach the portal, without a slash at the end.
    pub public_url: String,
    /// How long an unused session lasts, in hours.
    pub session_hours: u32,
    /// How long a session lasts however much it is used, in hours.
    pub session_lifetime_hours: u32,
    /// How many trusted proxies stand in front: so many entries from the end of `X-Forwarded-For` is the client's address,
    /// and the trace id that they bring is taken over. 0: none.
    pub proxy_hops: u32,
    /// Listen beyond this machine although the content is a demonstration.
    pub public_demo: bool,
    /// Listen beyond this machine although people come without TLS.
    pub allow_plain_http: bool,
    /// Serve the page of all components, `/design`.
    pub design_page: bool,
    /// Who brings this token may read `/metrics`.
    pub metrics_token: Option<String>,
    /// Serve `/metrics` here, without a token.
    pub metrics_listen: Option<SocketAddr>,
    /// How many connections may be open, and how long one may stay silent.
    pub connections: ConnectionLimits,
    /// How long the body of a request may take to arrive.
    pub body_within: Duration,
    /// How many requests that change something one address may send at once, and evenly in each minute after that; 0 is no
    /// limit.
    pub posts_per_minute: u32,
    /// How often one address may ask the API without a token at once, and evenly in each minute after that; 0 is no limit.
    pub anonymous_reads_per_minute: u32,
    /// How many pages one address may read without being signed in at once, and evenly in each minute after that; 0 is no
    /// limit.
    pub anonymous_page_reads_per_minute: u32,
}

impl std::fmt::Debug for HttpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token does not print.
        f.debug_struct("HttpConfig")
            .field("listen", &self.listen)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}

impl HttpConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let metrics_listen = reader.text("metrics_listen").map(|text| text.trim().parse());
        if let Some(Err(_)) = metrics_listen {
            reader.fault(
                "metrics_listen",
                "expected an address and port such as 127.0.0.1:9090",
            );
        }
        let metrics_token = reader.text("metrics_token");
        if metrics_token
            .as_ref()
            .is_some_and(|token| token.len() < SHORTEST_TOKEN)
        {
            reader.fault(
                "metrics_token",
                &format!("expected at least {SHORTEST_TOKEN} characters"),
            );
        }
        let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let listen = reader.parsed("listen", default, "an address and port such as 127.0.0.1:8080");
        let public_url = reader
            .text("public_url")
            .unwrap_or_else(|| format!("http://{listen}"));
        let parts = public_url.parse::<http::Uri>().ok().filter(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.authority().is_some()
                && uri.path() == "/"
        });
        if parts.is_none() {
            reader.fault(
                "public_url",
                "expected an address such as https://portal.example.org, without a path",
            );
        }
        let proxy_hops = reader.number("proxy_hops", 0, 0..=10);
        // Stoa speaks no TLS itself: where people come over it, something stands in front, whether or not it is trusted.
        let proxied = proxy_hops > 0 || public_url.starts_with("https://");
        Self {
            listen,
            public_url: public_url.trim_end_matches('/').to_owned(),
            session_hours: reader.number("session_hours", 12, 1..=720),
            session_lifetime_hours: reader.number("session_lifetime_hours", 168, 1..=8_760),
            proxy_hops,
            public_demo: reader.parsed("public_demo", false, "true or false"),
            allow_plain_http: reader.parsed("allow_plain_http", false, "true or false"),
            design_page: reader.parsed("design_page", false, "true or false"),
            metrics_token,
            metrics_listen: metrics_listen.and_then(Result::ok),
            connections: limits(reader, proxied),
            body_within: seconds(reader, "body_seconds"),
            posts_per_minute: reader.number("posts_per_minute", 1_200, 0..=1_000_000),
            anonymous_reads_per_minute: reader.number("anonymous_reads_per_minute", 120, 0..=1_000_000),
            anonymous_page_reads_per_minute: reader.number(
                "anonymous_page_reads_per_minute",
                600,
                0..=1_000_000,
            ),
        }
    }

    /// Cookies carry `Secure` when people come over TLS.
    pub(crate) fn is_tls(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn limits(reader: &mut Reader, proxied: bool) -> ConnectionLimits {
    let at_once = usize::try_from(reader.number("connections", 2_000, 8..=100_000)).unwrap_or(usize::MAX);
    ConnectionLimits {
        at_once,
        // Behind a proxy all come from one address.
        of_one_address: if proxied { at_once } else { at_once / 2 },
        silence: seconds(reader, "silence_seconds"),
    }
}

fn seconds(reader: &mut Reader, name: &str) -> Duration {
    Duration::from_secs(reader.number(name, 30, 1..=600).into())
}
