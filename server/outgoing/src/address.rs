//! An address that somebody gave us to ask.

use std::{fmt, net::IpAddr, str::FromStr};

use hyper::{Uri, http::uri::InvalidUri};
use url::{Host, Position, Url};

/// An `http` or `https` address without user, password or fragment, at most [`OutgoingUrl::MAX_BYTES`] long. Whether it
/// may be asked is for [`crate::Client::check`] to say.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingUrl(Url);

/// Why a text is no [`OutgoingUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// It has more than [`OutgoingUrl::MAX_BYTES`].
    #[error("the address is too long: use at most {} characters", OutgoingUrl::MAX_BYTES)]
    TooLong,
    /// It is not an address with a host, or has blanks, backslashes or control characters.
    #[error("this is not an address: write it like https://example.org/path")]
    NotAnAddress,
    /// It is neither `https` nor `http`.
    #[error("the address must begin with https://")]
    Scheme,
    /// It has a user or password, which would be shown wherever the address is.
    #[error("the address must not contain a user or password")]
    UserInfo,
    /// It has a fragment, which no server is ever sent.
    #[error("the address must not contain #")]
    Fragment,
}

impl OutgoingUrl {
    /// The longest address, in bytes.
    pub const MAX_BYTES: usize = 2_000;

    /// The whole address, normalized. Paths and queries of webhooks are often secret: do not log it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host as people may see it: a name (in ASCII) or an address.
    pub fn host(&self) -> String {
        self.0.host_str().unwrap_or_default().to_owned()
    }

    /// Path and query, as they are sent.
    ///
    /// # Errors
    /// Never for an address that was read: it was tried then.
    pub(crate) fn path(&self) -> Result<Uri, InvalidUri> {
        self.0[Position::BeforePath..Position::AfterQuery].parse()
    }

    /// Host and port, as they are sent.
    pub(crate) fn authority(&self) -> &str {
        &self.0[Position::BeforeHost..Position::AfterPort]
    }

    /// Where `location`, as a server answered it, leads from here.
    ///
    /// # Errors
    /// [`UrlFault`] as for a text that somebody typed, but that a fragment is dropped: browsers keep it, servers never see it.
    pub(crate) fn join(&self, location: &str) -> Result<Self, UrlFault> {
        if location.len() > Self::MAX_BYTES {
            return Err(UrlFault::TooLong);
        }
        let mut url = self.0.join(location).or(Err(UrlFault::NotAnAddress))?;
        url.set_fragment(None);
        Self::checked(url)
    }

    pub(crate) fn has_origin_of(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }

    /// What a connection needs to know.
    pub(crate) fn target(&self) -> Target {
        Target {
            host: self.host(),
            address: match self.0.host() {
                Some(Host::Ipv4(address)) => Some(address.into()),
                Some(Host::Ipv6(address)) => Some(address.into()),
                Some(Host::Domain(_)) | None => None,
            },
            port: self.0.port_or_known_default().unwrap_or_default(),
            plain: self.0.scheme() == "http",
        }
    }

    fn checked(url: Url) -> Result<Self, UrlFault> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(UrlFault::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlFault::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(UrlFault::Fragment);
        }
        if url.host_str().is_none_or(str::is_empty) || url.port() == Some(0) {
            return Err(UrlFault::NotAnAddress);
        }
        // Normalizing writes out what is not ASCII.
        if url.as_str().len() > Self::MAX_BYTES {
            return Err(UrlFault::TooLong);
        }
        let address = Self(url);
        address.path().or(Err(UrlFault::NotAnAddress))?;
        Ok(address)
    }
}

impl FromStr for OutgoingUrl {
    type Err = UrlFault;

    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`UrlFault`], in the order of its variants.
    fn from_str(text: &str) -> Result<Self, UrlFault> {
        if text.len() > Self::MAX_BYTES {
            return Err(UrlFault::TooLong);
        }
        // Parsers drop or mend these, each in its own way: what was typed should be what is asked.
        if text.contains(|one: char| one.is_whitespace() || one.is_control() || one == '\\') {
            return Err(UrlFault::NotAnAddress);
        }
        Self::checked(Url::parse(text).or(Err(UrlFault::NotAnAddress))?)
    }
}

/// Shows where it leads, without path and query: they may be secret.
impl fmt::Debug for OutgoingUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutgoingUrl({}/…)", self.0.origin().ascii_serialization())
    }
}

/// Where one connection is to go.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// As people see it.
    pub(crate) host: String,
    /// Where the host is written as an address, in whatever spelling.
    pub(crate) address: Option<IpAddr>,
    pub(crate) port: u16,
    /// Without TLS.
    pub(crate) plain: bool,
}
