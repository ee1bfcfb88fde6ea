//! Tests of the client against servers on this machine. Names are sentences.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod addresses;
mod bounds;
mod exceptions;
mod names;
mod redirects;
mod support;
mod tls;
