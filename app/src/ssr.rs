//! Server only: what pages and server functions take from the request. The one place that touches request context.

pub mod action_forms;
pub mod approval_forms;
pub mod approvals;
pub mod catalogue_search;
mod content_security_policy;
mod form_body;
pub mod forms;
pub mod link_access;
mod markdown;
pub mod notice_forms;
pub mod offering_forms;
mod order_input;
mod post;
pub mod provider_area;
mod redirect;
mod refusal;
mod replies;
pub mod structure_forms;
pub mod webhook_forms;

use std::{str::FromStr, sync::Arc};

use auth::AuthSession;
use chrono::{DateTime, FixedOffset, Offset, Utc};
use domain::{
    Domain,
    access::{Actor, accounts::Origin},
};
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use model::{Kind, PageRequest, PluginFacts};
use tower_sessions::Session;

pub use self::{
    content_security_policy::content_security_policy,
    form_body::{
        FormFault, MAX_FORM, MAX_FORM_OF_VISITORS, decode_form, has_control, queue_large_forms, read_form,
        refuse_other_bodies,
    },
    forms::Sent,
    markdown::{Formatter, formatted, markdown},
    order_input::{SentOrder, form_token, idempotency_key, limits},
    post::{keep_typed, post, show_again},
    redirect::redirect,
    refusal::EdgeRefusal,
    replies::{flash, show_once, take_flash, take_refusals, take_reply, take_shown_once},
};
use crate::{
    components::{LinkAccess, PageTime, ProjectPlaces, WaysOn},
    error::AppError,
};

/// What the server gives to every page: put into context for each request.
#[derive(Clone)]
pub struct Portal {
    /// The services.
    pub domain: Domain,
    /// The plugins that offerings can use.
    pub plugins: Arc<[PluginFacts]>,
    /// Address at which people reach the portal.
    pub public_url: Arc<str>,
    /// The description of the API.
    pub openapi: Arc<serde_json::Value>,
    /// Formats what providers write.
    pub formatter: Arc<Formatter>,
    /// What this installation shows.
    pub shows: Shows,
}

/// What not every installation shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shows {
    /// Every page says that the content is a demonstration.
    pub demo: bool,
    /// The page of all components, for who works on the portal.
    pub design: bool,
}

/// What this installation shows; nothing of it where no portal is given.
pub fn shows() -> Shows {
    use_context::<Portal>()
        .map(|portal| portal.shows)
        .unwrap_or_default()
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

/// The description of the API.
pub fn openapi() -> Result<Arc<serde_json::Value>, AppError> {
    portal().map(|portal| portal.openapi)
}

/// The request, without its body.
pub fn parts() -> Result<Parts, AppError> {
    use_context::<Parts>().ok_or_else(|| missing("the request"))
}

/// The browser's session.
pub fn session() -> Result<Session, AppError> {
    parts()?
        .extensions
        .get::<Session>()
        .cloned()
        .ok_or_else(|| missing("the session"))
}

/// The sign-in state of the session.
pub fn auth_session() -> Result<AuthSession, AppError> {
    parts()?
        .extensions
        .get::<AuthSession>()
        .cloned()
        .ok_or_else(|| missing("the sign-in"))
}

/// Who is signed in, if anybody is.
pub fn visitor() -> Result<Option<Actor>, AppError> {
    Ok(auth_session()?.user.map(|user| user.actor))
}

/// Who is signed in, with when the password was typed: for what asks for it again. A refusal where nobody is.
pub async fn actor_with_password_time() -> Result<Actor, AppError> {
    let actor = auth::actor_with_password_time(&auth_session()?).await?;
    actor.ok_or_else(AppError::sign_in)
}

/// Who is signed in; a refusal otherwise, which a page answers with the sign-in form.
pub fn actor() -> Result<Actor, AppError> {
    visitor()?.ok_or_else(AppError::sign_in)
}

/// Who is signed in, when it is somebody who operates the installation or reads all of it. To others the staff's area is
/// not there.
pub fn staff() -> Result<Actor, AppError> {
    let actor = actor()?;
    if actor.is_staff() || actor.is_support() {
        Ok(actor)
    } else {
        Err(AppError::not_found())
    }
}

/// The month that a form names.
pub fn month(form: &crate::form::FormFields) -> Result<model::Month, AppError> {
    form.text("month").parse().map_err(|_no_month| {
        let fault = model::FieldFault::at(
            "month",
            "unreadable",
            "Enter a month as year and month, such as 2026-10.",
        );
        AppError(model::Problem::invalid(vec![fault]))
    })
}

/// The address of the page that is asked for: path and query.
pub fn address() -> Result<String, AppError> {
    let uri = parts()?.uri;
    Ok(uri
        .path_and_query()
        .map_or_else(|| uri.path().to_owned(), ToString::to_string))
}

/// Whether the browser brought a session along.
pub fn has_session() -> Result<bool, AppError> {
    Ok(session()?.id().is_some())
}

/// The first value of a parameter of the page's address; empty when it has none.
pub fn query_value(name: &str) -> Result<String, AppError> {
    let parts = parts()?;
    let query = parts.uri.query().unwrap_or_default();
    Ok(decode_form(query.as_bytes())
        .unwrap_or_default()
        .text(name)
        .to_owned())
}

/// The parameters of the page's address.
pub fn query() -> Result<crate::form::FormFields, AppError> {
    let parts = parts()?;
    Ok(decode_form(parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default())
}

/// Where the request comes from, for throttling.
pub fn origin() -> Result<Origin, AppError> {
    let parts = parts()?;
    let address = parts.extensions.get::<auth::ClientAddress>();
    Ok(Origin {
        address: address.map(|address| address.0.clone()).unwrap_or_default(),
        device: auth::device_of(&parts.headers, is_tls()),
    })
}

/// Makes the browser known to the person who has just signed in with it.
pub fn remember_device(device: &str) {
    let cookie = auth::device_cookie(device, is_tls());
    if let (Some(options), Some(cookie)) = (use_context::<ResponseOptions>(), cookie) {
        options.append_header(http::header::SET_COOKIE, cookie);
    }
}

/// Makes the browser forget what scripts of the portal have stored, as when somebody signs out. Not its cache, which holds
/// no pages but fonts and the like: clearing that takes Chromium seconds.
pub fn clear_browser() {
    const NAME: http::HeaderName = http::HeaderName::from_static("clear-site-data");
    if let Some(options) = use_context::<ResponseOptions>() {
        options.insert_header(NAME, http::HeaderValue::from_static("\"storage\""));
    }
}

/// Whether people come over TLS.
pub fn is_tls() -> bool {
    use_context::<Portal>().is_some_and(|portal| portal.public_url.starts_with("https://"))
}

/// What opens for who reads the page; all that anybody may see opens for a visitor, and the rest leads to the sign-in form.
pub fn link_access(me: Option<&model::Me>) -> Result<LinkAccess, AppError> {
    let known = visitor()?.zip(me.cloned());
    Ok(LinkAccess(Arc::new(move |href| {
        known
            .as_ref()
            .is_none_or(|(actor, me)| link_access::can_open(actor, me, href))
    })))
}

/// Where who reads the page may create projects.
pub fn project_places(me: Option<&model::Me>) -> Result<ProjectPlaces, AppError> {
    let known = visitor()?.zip(me);
    Ok(known
        .map(|(actor, me)| link_access::project_places(&actor, me))
        .unwrap_or_default())
}

/// Gives the page, should it be a refusal, a link to where its reader goes on.
pub fn offer_way_on(words: &'static str, href: String) {
    if let Some(ways) = use_context::<WaysOn>() {
        ways.add(words, href);
    }
}

/// Gives the page that shows this refusal its status; where access was refused, the log says so.
pub fn answer_refusal(error: &AppError) {
    domain::trace::note_refused_access(&error.0);
    set_status(error.kind());
}

/// Sets the status of the page that is being answered.
pub fn set_status(kind: Kind) {
    if let (Some(options), Ok(status)) = (
        use_context::<ResponseOptions>(),
        http::StatusCode::from_u16(kind.status()),
    ) {
        options.set_status(status);
    }
}

/// An id from an address or a form; what is no id leads nowhere, as an unknown one does.
pub fn id<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_no_id| AppError::not_found())
}

/// The rows of a list that the page's address asks for.
pub fn page_request() -> Result<PageRequest, AppError> {
    let cursor = Some(query_value("cursor")?).filter(|cursor| !cursor.is_empty());
    Ok(PageRequest {
        cursor,
        ..PageRequest::default()
    })
}

/// The time of a page for somebody in this zone; an unknown one is UTC, and is shown as that.
pub fn page_time(now: DateTime<Utc>, zone: &str) -> PageTime {
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    PageTime {
        now,
        zone: zone.name(),
        offset_at,
    }
}

fn offset_at(zone: &str, at: DateTime<Utc>) -> FixedOffset {
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    at.with_timezone(&zone).offset().fix()
}

fn missing(what: &str) -> AppError {
    tracing::error!(missing = what, "a part of the request's context is missing");
    AppError(model::Problem::plain(
        Kind::Internal,
        "context",
        "Something went wrong on our side. Try again.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_keep_their_rules_and_unknown_ones_are_utc() {
        let now = "2026-01-15T12:00:00Z".parse().unwrap();
        let time = page_time(now, "Europe/Tallinn");
        let hours = |at: &str| (time.offset_at)(time.zone, at.parse().unwrap()).local_minus_utc() / 3600;
        assert_eq!(
            (hours("2026-07-01T09:00:00Z"), hours("2026-01-01T09:00:00Z")),
            (3, 2)
        );
        assert_eq!(page_time(now, "Mars/Olympus").zone, "UTC");
    }
}
