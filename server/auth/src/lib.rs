//! Turns a request into an actor: sign-in with a session in the database, or a personal access token.
//! Knows axum, axum-login and tower-sessions; knows no page, no rule of who may what (that is `domain::access`).
//! Start with `Backend` (who is it), then `SessionRows` (where sessions live) and `ApiActor` (tokens).

mod backend;
mod cookies;
mod sessions;
mod tokens;

use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder};
use chrono::TimeDelta;
use domain::Domain;
use time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

pub use self::{
    backend::{AuthSession, Backend, Credentials, User, actor_with_password_time, renew, sign_in, sign_out},
    cookies::{device_cookie, device_of},
    sessions::SessionRows,
    tokens::{ApiActor, Unauthenticated},
};

/// Address of the client, as far as the server trusts it; put into the request by the server.
#[derive(Debug, Clone)]
pub struct ClientAddress(pub String);

/// How the session cookie behaves.
#[derive(Debug, Clone, Copy)]
pub struct SessionOptions {
    /// Send it over TLS only.
    pub secure: bool,
    /// Hours after which an unused session ends.
    pub hours: u32,
    /// Hours after which a session ends however much it is used.
    pub lifetime_hours: u32,
}

/// The layer that reads the session and finds out who is signed in; only around pages and forms.
pub fn session_layer(domain: &Domain, options: SessionOptions) -> AuthManagerLayer<Backend, SessionRows> {
    let lifetime = TimeDelta::hours(options.lifetime_hours.into());
    let sessions = SessionManagerLayer::new(SessionRows::of(domain, lifetime))
        .with_name(cookies::session_name(options.secure))
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(options.secure)
        .with_expiry(Expiry::OnInactivity(Duration::hours(options.hours.into())));
    AuthManagerLayerBuilder::new(Backend::of(domain), sessions).build()
}
