//! Why there is no answer.

use std::net::IpAddr;

use crate::UrlFault;

/// Why nothing came back that could be used. The words name hosts, never paths, queries, headers or what was answered; and
/// they do not tell what a name inside somebody's network leads to, which is for the log alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The host leads to no address of the public internet, and nobody allowed it.
    #[error(
        "{host} is not on the public internet: give an address that is, or ask whoever runs this portal to allow the host"
    )]
    NotAllowed {
        /// As it was given.
        host: String,
        /// Where it leads; of several, the first.
        address: IpAddr,
    },
    /// The name is one that only a machine or a network of one's own has, and nobody allowed it.
    #[error(
        "{host} is not on the public internet: give an address that is, or ask whoever runs this portal to allow the host"
    )]
    NameNotAllowed {
        /// As it was given.
        host: String,
    },
    /// The address is `http`, and nobody allowed that.
    #[error(
        "{host} would be asked without encryption: use https, or ask whoever runs this portal to allow http for it"
    )]
    NotEncrypted {
        /// As it was given.
        host: String,
    },
    /// The port is neither 443 nor one from 1024, and nobody allowed it.
    #[error(
        "port {port} of {host} cannot be asked: use 443 or one from 1024, or ask whoever runs this portal to allow it"
    )]
    PortNotAllowed {
        /// As it was given.
        host: String,
        /// The port.
        port: u16,
    },
    /// The name has no address.
    #[error("no address was found for {host}: check how the name is written")]
    Unresolvable {
        /// As it was given.
        host: String,
    },
    /// No connection came about.
    #[error("{host} could not be reached: check that it is running and can be reached from the internet")]
    Unreachable {
        /// As it was given.
        host: String,
    },
    /// The server's certificate does not hold, or the two sides found no common way to encrypt.
    #[error(
        "no secure connection with {host}: check that its certificate is valid, for this name and complete"
    )]
    Tls {
        /// As it was given.
        host: String,
    },
    /// It took too long.
    #[error("{host} took too long to answer: check that it is well, or make it answer sooner")]
    TimedOut {
        /// Who was waited for last.
        host: String,
    },
    /// What came back is not HTTP, has too many headers, or ended too soon.
    #[error("the answer of {host} could not be read: check that it is a web server, and its log")]
    Broken {
        /// As it was given.
        host: String,
    },
    /// The server answered with something else than success.
    #[error("{host} answered with status {status}: check the address and the log of that server")]
    Status {
        /// Who answered.
        host: String,
        /// The status of HTTP.
        status: u16,
    },
    /// The answer is larger than was allowed; the rest of it was not read.
    #[error("the answer of {host} has more than {limit} bytes: make it smaller")]
    TooLarge {
        /// Who answered.
        host: String,
        /// In bytes.
        limit: usize,
    },
    /// A redirect leads to what is no address for this.
    #[error("{host} redirects to an address that cannot be asked: {fault}")]
    BadRedirect {
        /// Who redirected.
        host: String,
        /// What is wrong with it.
        fault: UrlFault,
    },
    /// A redirect leads from `https` to `http`.
    #[error(
        "{host} redirects to an address without encryption: give the address that it should lead to, with https"
    )]
    Downgraded {
        /// Who redirected.
        host: String,
    },
    /// There are more redirects than were allowed, or they go in a circle.
    #[error("{host} redirects more than {limit} times: give the address where it ends")]
    TooManyRedirects {
        /// The host that was asked first.
        host: String,
        /// How many were followed.
        limit: u8,
    },
}

impl OutgoingError {
    /// Whether the same request may go well later without anybody doing something: the network, a server that is down,
    /// slow or busy. Not what was refused here, nor certificates, which somebody has to renew.
    pub fn is_worth_another_try(&self) -> bool {
        match self {
            Self::Unresolvable { .. }
            | Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Broken { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..),
            Self::NotAllowed { .. }
            | Self::NameNotAllowed { .. }
            | Self::NotEncrypted { .. }
            | Self::PortNotAllowed { .. }
            | Self::Tls { .. }
            | Self::TooLarge { .. }
            | Self::BadRedirect { .. }
            | Self::Downgraded { .. }
            | Self::TooManyRedirects { .. } => false,
        }
    }
}

/// A certificate that was given as an authority and is none.
#[derive(Debug, thiserror::Error)]
#[error("an authority for outgoing connections cannot be used: {0}")]
pub struct BadAuthority(#[from] pub(crate) rustls::Error);
