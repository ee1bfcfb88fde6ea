use std::net::{Ipv4Addr, SocketAddr};

use super::Reader;

/// How the portal is reached.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address at which people reach the portal, without a slash at the end.
    pub public_url: String,
    /// How long an unused session lasts, in hours.
    pub session_hours: u32,
    /// Take the client's address from `X-Forwarded-For`: only behind a proxy that sets it.
    pub behind_proxy: bool,
}

impl HttpConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
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
        Self {
            listen,
            public_url: public_url.trim_end_matches('/').to_owned(),
            session_hours: reader.number("session_hours", 12, 1..=720),
            behind_proxy: reader.parsed("behind_proxy", false, "true or false"),
        }
    }

    /// Cookies carry `Secure` when people come over TLS.
    pub(crate) fn is_tls(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
