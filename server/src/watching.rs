//! What live pages watch: one task of the process asks the database for all of them, and wakes those whose thing, session or
//! rights are no longer what they were.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{DomainError, Operations};
use model::{GrantId, OrderId, OrderState, Progress, ResourceId, ResourceState, UserId};
use tokio::sync::{Notify, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::counts::{Counted, Counts};

/// How often the database is asked while anybody watches.
const LOOK_EVERY: Duration = Duration::from_millis(700);

/// What can be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Thing {
    Order(OrderId),
    Resource(ResourceId),
}

/// A session (its id) and whose it is.
pub(crate) type OwnSession = (Arc<str>, UserId);

/// What a watcher sees of a thing: a change of `mark` is worth telling, and `over` means nothing more will come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sight {
    pub(crate) mark: String,
    pub(crate) percent: Option<u32>,
    pub(crate) text: String,
    pub(crate) over: bool,
}

impl Sight {
    pub(crate) fn of_order(state: OrderState, progress: Progress) -> Self {
        let Progress { done, total, message } = progress;
        Self {
            mark: state.to_string(),
            percent: (total > 0).then(|| done.saturating_mul(100) / total.max(1)),
            text: message,
            over: state.is_terminal(),
        }
    }

    pub(crate) fn of_resource(state: ResourceState) -> Self {
        Self {
            mark: state.to_string(),
            percent: None,
            text: state.label().into(),
            over: state.is_terminal(),
        }
    }
}

/// Everything that is watched, as it was a moment ago. What is not there any more has nothing.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    things: HashMap<Thing, Option<Sight>>,
    sessions: HashMap<Arc<str>, Standing>,
}

/// Whether a session lasts, and with which grants of its person.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    Ended,
    Lasts(Vec<GrantId>),
}

/// Who watches what at this process.
#[derive(Clone)]
pub(crate) struct Watching {
    things: Counts<Thing>,
    sessions: Counts<OwnSession>,
    begun: Arc<Notify>,
    seen: watch::Receiver<Arc<Seen>>,
    stop: CancellationToken,
}

/// Somebody who watches something in a session; what is told of ends when this is dropped.
pub(crate) struct Watched {
    thing: Thing,
    session: Arc<str>,
    /// What the session let the person do when the watcher was last woken; nothing is known at first.
    standing: Option<Standing>,
    seen: watch::Receiver<Arc<Seen>>,
    stop: CancellationToken,
    _counted: (Counted<Thing>, Counted<OwnSession>),
}

impl Watching {
    /// Begins to look, in a task of its own, until told to stop. Sessions last `session_lifetime` at most.
    pub(crate) fn begin(
        operations: Operations,
        session_lifetime: TimeDelta,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let (watching, tell) = Self::new(stop.clone());
        let looking = look_on(operations, session_lifetime, watching.clone(), tell);
        tasks.spawn(async move {
            stop.run_until_cancelled(looking).await;
        });
        watching
    }

    fn new(stop: CancellationToken) -> (Self, watch::Sender<Arc<Seen>>) {
        let (tell, seen) = watch::channel(Arc::default());
        let watching = Self {
            things: Counts::default(),
            sessions: Counts::default(),
            begun: Arc::default(),
            seen,
            stop,
        };
        (watching, tell)
    }

    /// Watches from now on.
    pub(crate) fn watch(&self, thing: Thing, session: OwnSession) -> Watched {
        let id = Arc::clone(&session.0);
        let counted = (self.things.add(thing), self.sessions.add(session));
        self.begun.notify_one();
        Watched {
            thing,
            session: id,
            standing: None,
            seen: self.seen.clone(),
            stop: self.stop.clone(),
            _counted: counted,
        }
    }

    /// Four queries, however many watch.
    async fn look(&self, operations: &Operations, session_lifetime: TimeDelta) -> Result<Seen, DomainError> {
        let (things, sessions) = (self.things.names(), self.sessions.names());
        let orders: Vec<OrderId> = things.iter().filter_map(|thing| thing.order()).collect();
        let resources: Vec<ResourceId> = things.iter().filter_map(|thing| thing.resource()).collect();
        let mut of_orders = operations.ordering().progress_of_all(&orders).await?;
        let of_resources = operations.provisioning().states_of_all(&resources).await?;
        let accounts = operations.accounts();
        let mut grants = accounts.grants_in_sessions(&sessions, session_lifetime).await?;
        let things = things.into_iter().map(|thing| {
            let sight = match thing {
                Thing::Order(id) => of_orders
                    .remove(&id)
                    .map(|(state, progress)| Sight::of_order(state, progress)),
                Thing::Resource(id) => of_resources.get(&id).copied().map(Sight::of_resource),
            };
            (thing, sight)
        });
        let sessions = sessions.into_iter().map(|(id, _)| {
            let standing = grants.remove(&id).map_or(Standing::Ended, Standing::Lasts);
            (id, standing)
        });
        Ok(Seen {
            things: things.collect(),
            sessions: sessions.collect(),
        })
    }
}

impl Thing {
    fn order(self) -> Option<OrderId> {
        match self {
            Self::Order(id) => Some(id),
            Self::Resource(_) => None,
        }
    }

    fn resource(self) -> Option<ResourceId> {
        match self {
            Self::Resource(id) => Some(id),
            Self::Order(_) => None,
        }
    }
}

async fn look_on(
    operations: Operations,
    session_lifetime: TimeDelta,
    watching: Watching,
    tell: watch::Sender<Arc<Seen>>,
) {
    loop {
        while watching.things.is_empty() {
            watching.begun.notified().await;
        }
        match watching.look(&operations, session_lifetime).await {
            // Told every time: a watcher compares it with what it has told itself, which may be newer or older.
            Ok(seen) => drop(tell.send_replace(Arc::new(seen))),
            Err(error) => tracing::warn!(
                error = domain::trace::cause(&error),
                "live pages wait: nothing could be read"
            ),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

impl Watched {
    /// Waits until the thing is not what was `told` of it, or until the session or the rights in it are others than at the
    /// last time: then all must be looked at again. `None` once the process stops.
    pub(crate) async fn changed(&mut self, told: &Sight) -> Option<()> {
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return None,
                looked = self.seen.changed() => looked.ok()?,
            }
            if self.differs(told) {
                return Some(());
            }
        }
    }

    fn differs(&mut self, told: &Sight) -> bool {
        let seen = Arc::clone(&self.seen.borrow_and_update());
        // Neither is there until it was looked for the first time.
        let (Some(thing), Some(standing)) = (seen.things.get(&self.thing), seen.sessions.get(&self.session))
        else {
            return false;
        };
        let same_rights = self.standing.as_ref() == Some(standing);
        if !same_rights {
            self.standing = Some(standing.clone());
        }
        !same_rights || thing.as_ref() != Some(told)
    }
}

#[cfg(test)]
mod tests;
