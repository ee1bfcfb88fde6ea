use std::sync::Arc;

use app::ssr::EdgeRefusal;
use chrono::TimeDelta;
use domain::{Domain, access::Actor};
use http::StatusCode;
use model::UserId;
use tower_sessions::Session;

use crate::counts::{Counted, Counts};

/// Streams that one person may have open: a browser with many tabs.
const OF_ONE_PERSON: usize = 12;
/// Streams of all people at this process.
const OF_ALL: usize = 500;

/// The streams that are open at this process.
#[derive(Clone)]
pub(crate) struct Streams {
    people: Counts<UserId>,
    all: Counts<()>,
    session_lifetime: TimeDelta,
}

/// The place of one stream; kept until it ends.
pub(crate) type Place = (Counted<UserId>, Counted<()>);

impl Streams {
    /// None yet. The sessions of those who will watch last so long at most.
    pub(crate) fn new(session_lifetime: TimeDelta) -> Self {
        Self {
            people: Counts::default(),
            all: Counts::default(),
            session_lifetime,
        }
    }

    /// A place for another stream of this person, where there is one.
    pub(crate) fn enter(&self, user: UserId) -> Result<Place, EdgeRefusal> {
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
    pub(crate) domain: Domain,
    user: UserId,
    session: Arc<str>,
    session_lifetime: TimeDelta,
}

impl Watcher {
    pub(crate) fn of(domain: Domain, streams: &Streams, actor: &Actor, session: &Session) -> Option<Self> {
        let session = session.id()?.to_string().into();
        Some(Self {
            domain,
            user: actor.user_id,
            session,
            session_lifetime: streams.session_lifetime,
        })
    }

    /// The person; nobody once they signed out, or were locked or removed.
    pub(crate) async fn actor(&self) -> Option<Actor> {
        let accounts = self.domain.accounts();
        let session = accounts
            .session_load(&self.session, self.session_lifetime)
            .await
            .ok()??;
        if session.user_id != Some(self.user) {
            return None;
        }
        self.domain.access().actor_for(self.user).await.ok()
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
        let streams = Streams::new(TimeDelta::days(1));
        let own: Vec<Place> = (0..OF_ONE_PERSON)
            .map(|_| streams.enter(user(0)).unwrap())
            .collect();
        let refused = streams.enter(user(0)).err().unwrap();
        assert_eq!((refused.status.as_u16(), refused.code), (429, "too_many_streams"));
        let others: Vec<Place> = (own.len()..OF_ALL)
            .map(|number| streams.enter(user(1 + number / OF_ONE_PERSON)).unwrap())
            .collect();
        assert!(
            streams.enter(user(OF_ALL)).is_err(),
            "{} are open",
            own.len() + others.len()
        );
        drop(own);
        assert!(streams.enter(user(0)).is_ok(), "what ended makes room");
    }
}
