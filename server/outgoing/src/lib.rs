//! The one client that speaks HTTP to addresses that providers give: webhooks, external choices, backends, logos.
//!
//! Owns what may be asked ([`OutgoingUrl`], [`AllowedHosts`]), where a connection may go, and what an answer may weigh and
//! last. What is not on the public internet is refused, unless whoever runs Stoa allowed it; names are looked up here, and
//! the connection goes to the addresses that were judged and to no others. It must not know who asks or why, the database
//! or jobs, and it logs nothing. No other package has a client for HTTP (`server/tests/it/architecture`).
//! Start reading at [`Client`] (`client.rs`), then [`AllowedHosts`], which has the rule.

#![warn(missing_docs)]

mod address;
mod allowed;
mod authorities;
mod client;
mod connection;
mod error;
mod names;
mod public;
mod request;

pub use address::{OutgoingUrl, UrlFault};
pub use allowed::{AllowedHostFault, AllowedHosts};
pub use authorities::{AuthoritiesFault, authorities_in};
pub use client::{Client, Settings};
pub use error::{BadAuthority, OutgoingError};
pub use names::{Lookup, SystemNames};
pub use public::is_public;
pub use request::{Answer, HeaderName, HeaderValue, Request};
