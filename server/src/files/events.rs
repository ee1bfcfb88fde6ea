use std::{convert::Infallible, time::Duration};

use auth::AuthSession;
use axum::{
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use domain::{Domain, access::Actor};
use futures::{Stream, stream};
use http::StatusCode;
use model::{OrderId, ResourceId};
use serde::Deserialize;
use tokio::time::Instant;
use tower_sessions::Session;

use super::streams::{Place, Streams, Watcher};
use crate::watching::{Sight, Thing};

/// A stream ends after so long; the browser then opens a new one.
const LONGEST: Duration = Duration::from_mins(7);

/// What the page that watches shows already. Between its drawing and its stream things may have moved on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    seen: Option<String>,
}

/// Tells a page how an order gets on.
pub(crate) async fn order(
    State(domain): State<Domain>,
    State(streams): State<Streams>,
    session: AuthSession,
    cookie: Session,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Response {
    let (Some(user), Ok(id)) = (session.user, id.parse::<OrderId>()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let look = move |domain: Domain, actor: Actor| async move {
        let seen = domain.ordering().progress_of(&actor, id).await.ok()?;
        Some(Sight::of_order(seen.state, seen.progress))
    };
    let watcher = Watcher::of(domain, &streams, &user.actor, &cookie);
    watch(watcher, &streams, Thing::Order(id), shown, look).await
}

/// Tells a page how a resource gets on.
pub(crate) async fn resource(
    State(domain): State<Domain>,
    State(streams): State<Streams>,
    session: AuthSession,
    cookie: Session,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Response {
    let (Some(user), Ok(id)) = (session.user, id.parse::<ResourceId>()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let look = move |domain: Domain, actor: Actor| async move {
        let seen = domain.provisioning().resource(&actor, id).await.ok()?;
        Some(Sight::of_resource(seen.summary.state))
    };
    let watcher = Watcher::of(domain, &streams, &user.actor, &cookie);
    watch(watcher, &streams, Thing::Resource(id), shown, look).await
}

/// Tells changes until the thing is over, the person signs out or may no longer see it, or the browser has to ask anew.
async fn watch<Look, Seen>(
    watcher: Option<Watcher>,
    streams: &Streams,
    thing: Thing,
    shown: Shown,
    look: Look,
) -> Response
where
    Look: Fn(Domain, Actor) -> Seen + Clone + Send + Sync + 'static,
    Seen: Future<Output = Option<Sight>> + Send + 'static,
{
    // Not there and not yours answer alike, before a stream is opened.
    let Some(watcher) = watcher else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(first) = watcher.see(&look).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let place = match streams.enter(&watcher, thing) {
        Ok(place) => place,
        Err(refusal) => return refusal.into_response(),
    };
    // The page knows only the state it shows: how far the thing is, or that it is over by now, is told at once.
    let known = Sight {
        mark: shown.seen.unwrap_or(first.mark),
        ..Sight::default()
    };
    let watch = Watch {
        watcher,
        look,
        last: known,
        is_new: true,
        until: Instant::now() + LONGEST,
        place,
    };
    Sse::new(stream_of(watch))
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// A stream that is open.
struct Watch<Look> {
    watcher: Watcher,
    look: Look,
    last: Sight,
    is_new: bool,
    until: Instant,
    place: Place,
}

fn stream_of<Look, Seen>(watch: Watch<Look>) -> impl Stream<Item = Result<Event, Infallible>>
where
    Look: Fn(Domain, Actor) -> Seen + Send + 'static,
    Seen: Future<Output = Option<Sight>> + Send + 'static,
{
    stream::unfold(watch, async |mut watch| {
        while !watch.last.over {
            if !std::mem::take(&mut watch.is_new) {
                let changed = watch.place.watched.changed(&watch.last);
                tokio::time::timeout_at(watch.until, changed).await.ok()??;
            }
            // With the rights of this moment.
            let now = watch.watcher.see(&watch.look).await?;
            if now != watch.last {
                let event = event_of(&watch.last, &now);
                watch.last = now;
                return Some((Ok(event), watch));
            }
        }
        None
    })
}

fn event_of(last: &Sight, now: &Sight) -> Event {
    // Browsers drop events without data.
    if now.over {
        return Event::default().event("done").data(&now.mark);
    }
    if now.mark != last.mark {
        return Event::default().event("changed").data(&now.mark);
    }
    let facts = serde_json::json!({ "percent": now.percent, "text": now.text });
    Event::default().event("progress").data(facts.to_string())
}
