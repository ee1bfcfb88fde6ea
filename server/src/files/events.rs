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

/// How often the database is asked while somebody watches.
const LOOK_EVERY: Duration = Duration::from_millis(700);
/// A stream ends after this many looks; the browser then opens a new one.
const MOST_LOOKS: u32 = 600;

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
    session: AuthSession,
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
    watch(domain, user.actor, shown, look).await
}

/// Tells a page how a resource gets on.
pub(crate) async fn resource(
    State(domain): State<Domain>,
    session: AuthSession,
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
    watch(domain, user.actor, shown, look).await
}

async fn watch<Look, Seen>(domain: Domain, actor: Actor, shown: Shown, look: Look) -> Response
where
    Look: Fn(Domain, Actor) -> Seen + Clone + Send + Sync + 'static,
    Seen: Future<Output = Option<Sight>> + Send + 'static,
{
    // Not there and not yours answer alike, before a stream is opened.
    let Some(first) = look(domain.clone(), actor.clone()).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // The page knows only the state it shows: how far the thing is, or that it is over by now, is told at once.
    let known = Sight {
        mark: shown.seen.unwrap_or(first.mark),
        ..Sight::default()
    };
    let events = stream_of(known, move || look(domain.clone(), actor.clone()));
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

fn stream_of<Look, Seen>(known: Sight, look: Look) -> impl Stream<Item = Result<Event, Infallible>>
where
    Look: Fn() -> Seen + Send + 'static,
    Seen: Future<Output = Option<Sight>> + Send + 'static,
{
    stream::unfold((known, look, 0_u32), async |(last, look, looks)| {
        let mut looks = looks;
        while !last.over && looks < MOST_LOOKS {
            if looks > 0 {
                tokio::time::sleep(LOOK_EVERY).await;
            }
            looks += 1;
            let now = look().await?;
            if now != last {
                return Some((Ok(event_of(&last, &now)), (now, look, looks)));
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
