//! What is asked, and what comes back.

use std::time::Duration;

pub use hyper::header::{HeaderName, HeaderValue};
use hyper::{
    Method,
    body::Bytes,
    header::{ACCEPT, CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, TRANSFER_ENCODING, UPGRADE},
};

use crate::OutgoingUrl;

/// What belongs to the connection and is not the caller's to say.
const OF_THE_CONNECTION: [HeaderName; 5] = [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, UPGRADE];

/// One request, with the bounds of its answer.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: OutgoingUrl,
    pub(crate) headers: HeaderMap,
    pub(crate) accept: Option<HeaderValue>,
    pub(crate) body: Bytes,
    pub(crate) redirects: u8,
    pub(crate) max_bytes: usize,
    pub(crate) within: Duration,
    pub(crate) takes_any: bool,
}

impl Request {
    /// The most redirects that can be asked for.
    pub const MAX_REDIRECTS: u8 = 3;
    /// What an answer may weigh unless the caller says otherwise, in bytes.
    pub const DEFAULT_MAX_BYTES: usize = 1_000_000;
    /// How long all of it may take unless the caller says otherwise: looking up names, redirects and the answer.
    pub const DEFAULT_WITHIN: Duration = Duration::from_secs(20);

    /// Reads what is there. No redirect is followed unless [`Request::following`] says so.
    pub fn get(url: OutgoingUrl) -> Self {
        Self::new(Method::GET, url, Vec::new())
    }

    /// Sends something. A redirect is never followed: what is sent, and its signature, are for the address that was given.
    pub fn post(url: OutgoingUrl, body: Vec<u8>) -> Self {
        Self::new(Method::POST, url, body)
    }

    fn new(method: Method, url: OutgoingUrl, body: Vec<u8>) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            accept: None,
            body: body.into(),
            redirects: 0,
            max_bytes: Self::DEFAULT_MAX_BYTES,
            within: Self::DEFAULT_WITHIN,
            takes_any: false,
        }
    }

    /// With a header for the host that was given: it goes to no other (scheme, name and port), whatever redirects say, so
    /// that tokens and signatures stay with whom they are for. What belongs to the connection (`Host`, `Content-Length`, …)
    /// is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if name == ACCEPT {
            self.accept = Some(value);
        } else if !OF_THE_CONNECTION.contains(&name) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Following up to so many redirects, at most [`Request::MAX_REDIRECTS`]. Counts for [`Request::get`] alone.
    #[must_use]
    pub fn following(mut self, redirects: u8) -> Self {
        self.redirects = redirects.min(Self::MAX_REDIRECTS);
        self
    }

    /// With another bound for what the answer weighs, in bytes.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// With another bound for how long all of it may take.
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Taking whatever is answered: also what is no success, as a redirect that is not followed, and of a body that is too large,
    /// breaks off or does not end within three seconds the beginning. For who keeps what was answered and trusts nothing of it.
    #[must_use]
    pub fn taking_any_answer(mut self) -> Self {
        self.takes_any = true;
        self
    }

    pub(crate) fn follows_redirects(&self) -> bool {
        self.method == Method::GET && self.redirects > 0
    }
}

/// What came back: a success, whole, unless the request takes any answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// 200 to 299, unless the request takes any answer.
    pub status: u16,
    /// As the server says it; believe it as much as you believe the server.
    pub content_type: Option<String>,
    /// At most as long as the request allows.
    pub body: Vec<u8>,
}
