//! One person with a browser: an address, cookies, a connection that is kept.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::encoded;
use crate::http::{Answer, Connection, FORM, Headers};
use crate::portal::PASSWORD;

/// An older connection is not used again: the portal hangs up on those that stay silent.
const STALE: Duration = Duration::from_secs(10);

/// Somebody before the portal.
pub(crate) struct Person {
    portal: SocketAddr,
    source: Ipv4Addr,
    cookies: BTreeMap<String, String>,
    kept: Option<(Connection, Instant)>,
}

impl Person {
    /// Somebody who is not signed in, at an address of the loopback.
    pub(crate) fn new(portal: SocketAddr, source: Ipv4Addr) -> Self {
        Self {
            portal,
            source,
            cookies: BTreeMap::new(),
            kept: None,
        }
    }

    /// The same browser, so the same session, with another connection.
    pub(crate) fn again(&self, source: Ipv4Addr) -> Self {
        Self {
            portal: self.portal,
            source,
            cookies: self.cookies.clone(),
            kept: None,
        }
    }

    /// Somebody of the demo content who is signed in.
    pub(crate) fn signed_in(portal: SocketAddr, source: Ipv4Addr, email: &str) -> Result<Self> {
        let mut person = Self::new(portal, source);
        person.sign_in(email)?;
        Ok(person)
    }

    /// Signs in with the password of the demo content.
    pub(crate) fn sign_in(&mut self, email: &str) -> Result<()> {
        let fields = [("email", email), ("password", PASSWORD), ("next", "/orders")];
        let answer = self.post(
            "/fn/sign_in",
            &encoded(&fields.map(|(a, b)| (a.to_owned(), b.to_owned()))),
        )?;
        if answer.header("location") != Some("/orders") {
            bail!("{email} could not sign in: {} {}", answer.status, answer.text());
        }
        Ok(())
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, &[("Accept", "text/html")], b"")
    }

    /// Posts a form whose fields are encoded.
    pub(crate) fn post(&mut self, path: &str, fields: &str) -> Result<Answer> {
        self.ask("POST", path, &[("Accept", "text/html"), FORM], fields.as_bytes())
    }

    /// Any request, with this person's cookies.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: Headers, body: &[u8]) -> Result<Answer> {
        let cookies = self.cookie_header();
        let mut all = headers.to_vec();
        if !cookies.is_empty() {
            all.push(("Cookie", &cookies));
        }
        let mut connection = self.connection()?;
        let answer = connection
            .ask(method, path, &all, body)
            .with_context(|| format!("{method} {path}"))?;
        if !connection.is_closed() && !answer.is_stream() {
            self.kept = Some((connection, Instant::now()));
        }
        self.take_cookies(&answer);
        Ok(answer)
    }

    /// A connection of this person's own.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open_from(self.source, self.portal)
    }

    /// What to send as `Cookie`.
    pub(crate) fn cookie_header(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// The next request goes over a new connection.
    pub(crate) fn hang_up(&mut self) {
        self.kept = None;
    }

    fn connection(&mut self) -> Result<Connection> {
        match self.kept.take() {
            Some((connection, used)) if used.elapsed() < STALE => Ok(connection),
            _ => self.connect(),
        }
    }

    fn take_cookies(&mut self, answer: &Answer) {
        for line in answer.all("set-cookie") {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if value.is_empty() || line.to_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
