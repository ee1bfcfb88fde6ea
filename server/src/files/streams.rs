use app::ssr::EdgeRefusal;
use chrono::TimeDelta;
use domain::{Domain, access::Actor};
use http::StatusCode;
use model::UserId;
use tower_sessions::Session;

use crate::{
    counts::{Counted, Counts},
    watching::{OwnSession, Sight, Thing, Watched, Watching},
};

/// Streams that one person may have open: a browser with many tabs.
const OF_ONE_PERSON: usize = 12;
/// Streams of all people at this process.
const OF_ALL: usize = 500;

/// The streams that are open at this process.
#[derive(Clone)]
pub(crate) struct Streams {
    places: Places,
    watching: Watching,
    session_lifetime: TimeDelta,
}

/// How many are open, of each person and in all.
#[derive(Clone, Default)]
struct Places {
    people: Counts<UserId>,
    all: Counts<()>,
}

/// The place of one stream, counted until it ends.
pub(crate) struct Place {
    pub(crate) watched: Watched,
    _counted: (Counted<UserId>, Counted<()>),
}

impl Streams {
    /// None yet. The sessions of those who will watch last so long at most.
    pub(crate) fn new(watching: Watching, session_lifetime: TimeDelta) -> Self {
        Self {
            places: Places::default(),
            watching,
            session_lifetime,
        }
    }

    /// A place for another stream of this person, where there is one.
    pub(crate) fn enter(&self, watcher: &Watcher, thing: Thing) -> Result<Place, EdgeRefusal> {
        let counted = self.places.enter(watcher.session.1)?;
        Ok(Place {
            watched: self.watching.watch(thing, watcher.session.clone()),
            _counted: counted,
        })
    }
}

impl Places {
    fn enter(&self, user: UserId) -> Result<(Counted<UserId>, Counted<()>), EdgeRefusal> {
        let place = self
            .people
            .enter(user, OF_ONE_PERSON)
            .zip(self.all.enter((), OF_ALL));
        place.ok_or_else(|| {
            let detail = "Too many pages that follow an order or a resource are open. Close some, and load this page again to see what is new.";
            EdgeRefusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", "Too many pages", detail)
        })
    }
}

/// Who watches: the person, as long as the session is theirs, with the rights that they have by now.
#[derive(Clone)]
pub(crate) struct Watcher {
    domain: Domain,
    session: OwnSession,
    session_lifetime: TimeDelta,
}

impl Watcher {
    pub(crate) fn of(domain: Domain, streams: &Streams, actor: &Actor, session: &Session) -> Option<Self> {
        let id = session.id()?.to_string().into();
        Some(Self {
            domain,
            session: (id, actor.user_id),
            session_lifetime: streams.session_lifetime,
        })
    }

    /// What the person sees now; nothing where they may not, once they signed out, or were deactivated.
    pub(crate) async fn see<Look, Seen>(&self, look: &Look) -> Option<Sight>
    where
        Look: Fn(Domain, Actor) -> Seen,
        Seen: Future<Output = Option<Sight>>,
    {
        look(self.domain.clone(), self.actor().await?).await
    }

    async fn actor(&self) -> Option<Actor> {
        let (session, user) = &self.session;
        let accounts = self.domain.accounts();
        let session = accounts
            .session_load(session, self.session_lifetime)
            .await
            .ok()??;
        if session.user_id != Some(*user) {
            return None;
        }
        self.domain.access().actor_for(*user).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: usize) -> UserId {
        format!("00000000-0000-7000-8000-{number:012}").parse().unwrap()
    }

    #[test]
    fn one_person_has_so_many_streams_and_all_together_have_so_many_and_not_one_more() {
        let places = Places::default();
        let own: Vec<_> = (0..OF_ONE_PERSON)
            .map(|_| places.enter(user(0)).unwrap())
            .collect();
        let refused = places.enter(user(0)).err().unwrap();
        assert_eq!((refused.status.as_u16(), refused.code), (429, "too_many_streams"));
        let others: Vec<_> = (own.len()..OF_ALL)
            .map(|number| places.enter(user(1 + number / OF_ONE_PERSON)).unwrap())
            .collect();
        assert!(
            places.enter(user(OF_ALL)).is_err(),
            "{} are open",
            own.len() + others.len()
        );
        drop(own);
        assert!(places.enter(user(0)).is_ok(), "what ended makes room");
    }
}
