//! Server only: what pages and server functions take from the request. The one place that touches request context.

mod form_body;
mod markdown;
mod policy;
mod post;

use std::sync::Arc;

use auth::AuthSession;
use domain::{Domain, access::Actor};
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use model::{Kind, PluginFacts};
use tower_sessions::Session;

pub use self::{
    form_body::{MAX_FORM, read_form},
    markdown::markdown,
    policy::content_security_policy,
    post::{flash, post, take_flash, take_reply},
};
use crate::error::AppError;

/// What the server gives to every page: put into context for each request.
#[derive(Clone)]
pub struct Portal {
    /// The services.
    pub domain: Domain,
    /// The plugins that offerings can use.
    pub plugins: Arc<[PluginFacts]>,
    /// Address at which people reach the portal.
    pub public_url: Arc<str>,
}

fn portal() -> Result<Portal, AppError> {
    use_context::<Portal>().ok_or_else(|| missing("the portal"))
}

/// The services.
pub fn domain() -> Result<Domain, AppError> {
    portal().map(|portal| portal.domain)
}

/// The plugins that offerings can use.
pub fn plugins() -> Result<Arc<[PluginFacts]>, AppError> {
    portal().map(|portal| portal.plugins)
}

/// Address at which people reach the portal, for links in examples.
pub fn public_url() -> Result<Arc<str>, AppError> {
    portal().map(|portal| portal.public_url)
}

/// The request, without its body.
pub fn parts() -> Result<Parts, AppError> {
    use_context::<Parts>().ok_or_else(|| missing("the request"))
}

/// The browser's session.
pub fn session() -> Result<Session, AppError> {
    parts()?.extensions.get::<Session>().cloned().ok_or_else(|| missing("the session"))
}

/// The sign-in state of the session.
pub fn auth_session() -> Result<AuthSession, AppError> {
    parts()?.extensions.get::<AuthSession>().cloned().ok_or_else(|| missing("the sign-in"))
}

/// Who is signed in, if anybody is.
pub fn visitor() -> Result<Option<Actor>, AppError> {
    Ok(auth_session()?.user.map(|user| user.actor))
}

/// Who is signed in; a refusal otherwise, which a page answers with the sign-in form.
pub fn actor() -> Result<Actor, AppError> {
    visitor()?.ok_or_else(AppError::sign_in)
}

/// Whether the browser brought a session along.
pub fn has_session() -> Result<bool, AppError> {
    Ok(session()?.id().is_some())
}

/// The first value of a parameter of the page's address; empty when it has none.
pub fn query_value(name: &str) -> Result<String, AppError> {
    let parts = parts()?;
    let query = parts.uri.query().unwrap_or_default();
    Ok(form_body::decode(query.as_bytes()).unwrap_or_default().text(name).to_owned())
}

/// The parameters of the page's address.
pub fn query() -> Result<crate::form::FormFields, AppError> {
    let parts = parts()?;
    Ok(form_body::decode(parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default())
}

/// Where the request comes from, for throttling.
pub fn client_address() -> Result<String, AppError> {
    let parts = parts()?;
    Ok(parts.extensions.get::<auth::ClientAddress>().map(|address| address.0.clone()).unwrap_or_default())
}

/// Sets the status of the page that is being answered.
pub fn set_status(kind: Kind) {
    if let (Some(options), Ok(status)) =
        (use_context::<ResponseOptions>(), http::StatusCode::from_u16(kind.status()))
    {
        options.set_status(status);
    }
}

fn missing(what: &str) -> AppError {
    tracing::error!(missing = what, "a part of the request's context is missing");
    AppError(model::Problem::plain(Kind::Internal, "context", "Something went wrong on our side. Try again."))
}
