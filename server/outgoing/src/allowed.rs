//! The rule where a connection may go, and the exceptions that whoever runs Stoa made.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;
use url::Host;

use crate::{
    OutgoingError,
    address::Target,
    public::{is_public, is_public_name},
};

/// The hosts that are allowed though they are not public, or though they are asked without TLS.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts(Vec<AllowedHost>);

/// `[http://]` a name, an address or a network `[:port]`.
#[derive(Debug, Clone)]
struct AllowedHost {
    place: Place,
    /// None: every usual port.
    port: Option<u16>,
    /// Also without TLS.
    plain: bool,
}

#[derive(Debug, Clone)]
enum Place {
    Name(String),
    Network(IpNet),
}

/// An entry that names no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a host that can be allowed: write a name, an address or a network, with a port if only that one is meant, and \
     with http:// in front if it is asked without TLS; for example hooks.example.org, 10.1.0.0/16:8443, [fd00::5]:8443, \
     http://10.1.2.3:8080"
)]
pub struct AllowedHostFault(pub String);

impl AllowedHosts {
    /// Reads the entries, each `[http://]` a name, an address or a network `[:port]`. A name allows whatever addresses it
    /// has; a network allows whatever names lead into it. Without a port it allows the usual ones: 80, 443 and those from
    /// 1024. Only `http://` allows to ask without TLS.
    ///
    /// # Errors
    /// [`AllowedHostFault`] with the first entry that cannot be read.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, AllowedHostFault> {
        entries
            .into_iter()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether a connection for `target` may go to this address of its host: the one rule. Without an address: whether
    /// there is any that it could go to.
    pub(crate) fn admits(&self, target: &Target, address: Option<IpAddr>) -> bool {
        let usual = has_usual_port(target);
        self.0
            .iter()
            .any(|entry| entry.covers(target, address) && (usual || entry.port.is_some()))
            || (address.is_none_or(is_public) && is_public_name(&target.host) && usual && !target.plain)
    }

    /// Why it may not; none where it may.
    pub(crate) fn refusal(&self, target: &Target, address: Option<IpAddr>) -> Option<OutgoingError> {
        if self.admits(target, address) {
            return None;
        }
        let (host, port) = (target.host.clone(), target.port);
        let with_tls = Target {
            plain: false,
            ..target.clone()
        };
        Some(if self.admits(&with_tls, address) {
            OutgoingError::NotEncrypted { host }
        } else {
            match address.filter(|address| !is_public(*address)) {
                Some(address) => OutgoingError::NotAllowed { host, address },
                None if !is_public_name(&host) => OutgoingError::NameNotAllowed { host },
                None => OutgoingError::PortNotAllowed { host, port },
            }
        })
    }
}

/// Below 1024 are mail, shells and the like, which understand more than one would wish of a request.
fn has_usual_port(target: &Target) -> bool {
    matches!(target.port, 80 | 443 | 1024..)
}

impl AllowedHost {
    fn covers(&self, target: &Target, address: Option<IpAddr>) -> bool {
        let at_home = match &self.place {
            Place::Network(network) => {
                address.is_none_or(|address| network.contains(&address.to_canonical()))
            }
            // A dot at the end only says that the name is complete.
            Place::Name(name) => {
                target.address.is_none() && target.host.trim_end_matches('.') == name.trim_end_matches('.')
            }
        };
        at_home && self.port.is_none_or(|port| port == target.port) && (self.plain || !target.plain)
    }
}

impl FromStr for AllowedHost {
    type Err = AllowedHostFault;

    fn from_str(entry: &str) -> Result<Self, AllowedHostFault> {
        let (plain, rest) = match entry.strip_prefix("http://") {
            Some(rest) => (true, rest),
            None => (false, entry),
        };
        let (place, port) = read(rest).ok_or_else(|| AllowedHostFault(entry.to_owned()))?;
        Ok(Self { place, port, plain })
    }
}

fn read(text: &str) -> Option<(Place, Option<u16>)> {
    let (place, port) = split_port(text)?;
    let port = match port {
        Some(port) => Some(port.parse().ok().filter(|port| *port != 0)?),
        None => None,
    };
    Some((read_place(&place)?, port))
}

/// `[fd00::]/8:8443` as `fd00::/8` and `8443`; the colons of an address without brackets are its own.
fn split_port(text: &str) -> Option<(String, Option<&str>)> {
    let (address, rest) = match text.strip_prefix('[') {
        Some(bracketed) => bracketed
            .split_once(']')
            .filter(|(_, rest)| rest.is_empty() || rest.starts_with([':', '/']))?,
        None if text.matches(':').count() > 1 => (text, ""),
        None => ("", text),
    };
    let (rest, port) = rest
        .split_once(':')
        .map_or((rest, None), |(rest, port)| (rest, Some(port)));
    Some((format!("{address}{rest}"), port))
}

fn read_place(text: &str) -> Option<Place> {
    if let Ok(network) = text.parse() {
        return Some(Place::Network(network));
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(Place::Network(address.to_canonical().into()));
    }
    match Host::parse(text).ok()? {
        // Addresses of the web allow more signs than names have; a star would look like more than it is.
        Host::Domain(name) => {
            let plain = |one: char| one.is_ascii_alphanumeric() || "-._".contains(one);
            name.chars().all(plain).then_some(Place::Name(name))
        }
        Host::Ipv4(address) => Some(Place::Network(IpAddr::from(address).into())),
        Host::Ipv6(_) => None,
    }
}
