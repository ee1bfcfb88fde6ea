//! The client: judges where a request would go, goes there and nowhere else, and reads no more than was agreed.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::BodyExt;
use hyper::{
    Response, StatusCode,
    body::{Body, Incoming},
    header::{CONTENT_TYPE, LOCATION},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};

use crate::{
    AllowedHosts, Answer, BadAuthority, Lookup, OutgoingError, OutgoingUrl, Request, SystemNames,
    connection::Connection,
};

/// What a client is made of.
pub struct Settings {
    /// The exceptions of whoever runs Stoa.
    pub allowed: AllowedHosts,
    /// Authorities besides those of the web (Mozilla's list, which is built in): certificates in DER.
    pub authorities: Vec<Vec<u8>>,
    /// Who finds the addresses of names.
    pub names: Arc<dyn Lookup>,
    /// How long a connection may take to come about, TLS included.
    pub connect_within: Duration,
}

impl Default for Settings {
    /// No exceptions, the authorities of the web, the system's names, 5 seconds.
    fn default() -> Self {
        Self {
            allowed: AllowedHosts::default(),
            authorities: Vec::new(),
            names: Arc::new(SystemNames),
            connect_within: Duration::from_secs(5),
        }
    }
}

/// Asks addresses that somebody gave us. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    allowed: Arc<AllowedHosts>,
    names: Arc<dyn Lookup>,
    tls: Arc<ClientConfig>,
    connect_within: Duration,
}

impl Client {
    /// # Errors
    /// [`BadAuthority`] where one of the authorities is no certificate.
    pub fn new(settings: Settings) -> Result<Self, BadAuthority> {
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        for authority in settings.authorities {
            roots.add(CertificateDer::from(authority))?;
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            allowed: Arc::new(settings.allowed),
            names: settings.names,
            tls: Arc::new(tls),
            connect_within: settings.connect_within,
        })
    }

    /// Says at once what would be refused whatever names lead to: for forms, before an address is kept. Nothing is asked.
    ///
    /// # Errors
    /// `NotAllowed` for a host that is written as an address and is not public, `NameNotAllowed`, `NotEncrypted`,
    /// `PortNotAllowed`.
    pub fn check(&self, url: &OutgoingUrl) -> Result<(), OutgoingError> {
        let target = url.target();
        self.allowed.refusal(&target, target.address).map_or(Ok(()), Err)
    }

    /// Asks, and reads the answer whole.
    ///
    /// # Errors
    /// Every [`OutgoingError`]; [`OutgoingError::is_worth_another_try`] says which may go away by themselves. Where nothing
    /// was refused, a request that failed may still have had its effect.
    pub async fn send(&self, request: Request) -> Result<Answer, OutgoingError> {
        let mut url = request.url.clone();
        // The host that is waited for changes with each redirect, and is named where time is up.
        match tokio::time::timeout(request.within, self.follow(&request, &mut url)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(OutgoingError::TimedOut { host: url.host() }),
        }
    }

    async fn follow(&self, request: &Request, url: &mut OutgoingUrl) -> Result<Answer, OutgoingError> {
        let mut followed = 0;
        // Once away from the host that was given, its headers do not come back either: somebody else wrote the address.
        let mut at_home = true;
        loop {
            let addresses = self.addresses(url).await?;
            let mut connection = self.connect(url, &addresses).await?;
            let response = connection.ask(request, url, at_home).await?;
            if !request.follows_redirects() || !is_redirect(response.status()) {
                return read(response, url, request).await;
            }
            if followed == request.redirects {
                return Err(OutgoingError::TooManyRedirects {
                    host: request.url.host(),
                    limit: followed,
                });
            }
            followed += 1;
            let next = redirected(&response, url)?;
            at_home = at_home && next.has_origin_of(&request.url);
            *url = next;
        }
    }

    /// A connection of this request's own: it goes to addresses that were judged for it, and nobody else's answers can be
    /// left on it.
    async fn connect(&self, url: &OutgoingUrl, to: &[SocketAddr]) -> Result<Connection, OutgoingError> {
        let opening = Connection::open(url, to, self.connect_within, &self.tls);
        match tokio::time::timeout(self.connect_within, opening).await {
            Ok(outcome) => outcome,
            Err(_) => Err(OutgoingError::TimedOut { host: url.host() }),
        }
    }

    /// The addresses that a connection may go to: those of the host that the rule admits.
    async fn addresses(&self, url: &OutgoingUrl) -> Result<Arc<[SocketAddr]>, OutgoingError> {
        self.check(url)?;
        let target = url.target();
        let unresolvable = || OutgoingError::Unresolvable { host: url.host() };
        let found = match target.address {
            Some(address) => vec![address],
            None => self.names.look_up(&target.host).await.or(Err(unresolvable()))?,
        };
        let admitted: Arc<[SocketAddr]> = found
            .iter()
            .filter(|address| self.allowed.admits(&target, Some(**address)))
            .map(|address| SocketAddr::new(*address, target.port))
            .collect();
        if !admitted.is_empty() {
            return Ok(admitted);
        }
        let refusal = found
            .iter()
            .find_map(|address| self.allowed.refusal(&target, Some(*address)));
        Err(refusal.unwrap_or_else(unresolvable))
    }
}

/// How long who takes any answer waits for its body.
const BODY_OF_ANY: Duration = Duration::from_secs(3);

/// The redirects that a reading request may follow; the other codes of 300 lead nowhere.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn redirected(response: &Response<Incoming>, from: &OutgoingUrl) -> Result<OutgoingUrl, OutgoingError> {
    let host = from.host();
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok());
    let Some(location) = location else {
        let status = response.status().as_u16();
        return Err(OutgoingError::Status { host, status });
    };
    let next = from.join(location).map_err(|fault| OutgoingError::BadRedirect {
        host: host.clone(),
        fault,
    })?;
    if next.target().plain && !from.target().plain {
        return Err(OutgoingError::Downgraded { host });
    }
    Ok(next)
}

/// Reads a success, and hangs up on what is larger than the limit. Whoever takes any answer gets it whatever it says, and the
/// beginning of what is larger.
async fn read(
    response: Response<Incoming>,
    from: &OutgoingUrl,
    request: &Request,
) -> Result<Answer, OutgoingError> {
    let (host, limit, takes_any) = (|| from.host(), request.max_bytes, request.takes_any);
    let status = response.status().as_u16();
    if !response.status().is_success() && !takes_any {
        return Err(OutgoingError::Status { host: host(), status });
    }
    let announced = response.body().size_hint().lower();
    if !takes_any && usize::try_from(announced).is_ok_and(|announced| announced > limit) {
        return Err(OutgoingError::TooLarge { host: host(), limit });
    }
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let (mut parts, mut body) = (response.into_body(), Vec::new());
    let until = tokio::time::Instant::now() + BODY_OF_ANY;
    loop {
        let next = if takes_any {
            // What came is the answer, however it ends.
            tokio::time::timeout_at(until, parts.frame())
                .await
                .unwrap_or(None)
        } else {
            parts.frame().await
        };
        let Some(part) = next else { break };
        let Ok(part) = part else {
            if takes_any {
                break;
            }
            return Err(OutgoingError::Broken { host: host() });
        };
        let part = part.into_data().unwrap_or_default();
        let room = limit - body.len();
        if part.len() <= room {
            body.extend_from_slice(&part);
            continue;
        }
        if !takes_any {
            return Err(OutgoingError::TooLarge { host: host(), limit });
        }
        body.extend(part.iter().take(room));
        break;
    }
    Ok(Answer {
        status,
        content_type,
        body,
    })
}
