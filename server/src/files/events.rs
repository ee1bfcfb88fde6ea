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
use model::{OrderId, Progress, ResourceId};
use serde::Deserialize;
use tower_sessions::Session;

use super::streams::{Place, Streams, Watcher};

/// How often the database is asked while somebody watches.
const LOOK_EVERY: Duration = Duration::from_millis(700);
/// A stream ends after this many looks; the browser then opens a new one.
const MOST_LOOKS: u32 = 600;

/// After so many looks at something that does not change, it is looked whether the person still may: every 3 seconds.
const CHECK_AFTER: u32 = 4;

/// What the page that watches shows already. Between its drawing and its stream things may have moved on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    seen: Option<String>,
}

/// What a watcher sees of a thing: a change of `mark` is worth telling, and `over` means nothing more will come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Sight {
    mark: String,
    percent: Option<u32>,
    text: String,
    over: bool,
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
        let Progress { done, total, message } = seen.progress;
        let percent = (total > 0).then(|| done.saturating_mul(100) / total.max(1));
        Some(Sight {
            mark: seen.state.to_string(),
            percent,
            text: message,
            over: seen.state.is_terminal(),
        })
    };
    let watcher = Watcher::of(domain, &streams, &user.actor, &cookie);
    watch(watcher, streams, shown, look).await
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
        let state = seen.summary.state;
        Some(Sight {
            mark: state.to_string(),
            percent: None,
            text: state.label().into(),
            over: state.is_terminal(),
        })
    };
    let watcher = Watcher::of(domain, &streams, &user.actor, &cookie);
    watch(watcher, streams, shown, look).await
}

/// Tells changes until the thing is over, the person signs out or may no longer see it, or the browser has to ask anew.
async fn watch<Look, Seen>(watcher: Option<Watcher>, streams: Streams, shown: Shown, look: Look) -> Response
where
    Look: Fn(Domain, Actor) -> Seen + Clone + Send + Sync + 'static,
    Seen: Future<Output = Option<Sight>> + Send + 'static,
{
    // Not there and not yours answer alike, before a stream is opened.
    let Some(watcher) = watcher else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(actor) = watcher.actor().await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(first) = look(watcher.domain.clone(), actor.clone()).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let place = match streams.enter(actor.user_id) {
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
        actor,
        look,
        last: known,
        looks: 0,
        _place: place,
    };
    Sse::new(stream_of(watch))
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// A stream that is open.
struct Watch<Look> {
    watcher: Watcher,
    actor: Actor,
    look: Look,
    last: Sight,
    looks: u32,
    _place: Place,
}

fn stream_of<Look, Seen>(watch: Watch<Look>) -> impl Stream<Item = Result<Event, Infallible>>
where
    Look: Fn(Domain, Actor) -> Seen + Send + 'static,
    Seen: Future<Output = Option<Sight>> + Send + 'static,
{
    stream::unfold(watch, async |mut watch| {
        while !watch.last.over && watch.looks < MOST_LOOKS {
            if watch.looks > 0 {
                tokio::time::sleep(LOOK_EVERY).await;
            }
            watch.looks += 1;
            let mut now = watch.see().await?;
            let changed = now != watch.last;
            if changed || watch.looks.is_multiple_of(CHECK_AFTER) {
                watch.actor = watch.watcher.actor().await?;
                // With the rights of this moment, which may be others.
                now = watch.see().await?;
            }
            if now != watch.last {
                let event = event_of(&watch.last, &now);
                watch.last = now;
                return Some((Ok(event), watch));
            }
        }
        None
    })
}

impl<Look, Seen> Watch<Look>
where
    Look: Fn(Domain, Actor) -> Seen,
    Seen: Future<Output = Option<Sight>>,
{
    async fn see(&self) -> Option<Sight> {
        (self.look)(self.watcher.domain.clone(), self.actor.clone()).await
    }
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
