//! Where an attack happens: the portal, and addresses of the loopback from which to come.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::http::{Answer, Connection};
use crate::portal::Portal;
use crate::postgres::Postgres;
use crate::process::{interrupted, pause};
use crate::visit::{Page, Person};

/// How long a flood goes on.
const LASTS: Duration = Duration::from_secs(12);
/// Before memory is read, what can be given back is.
const REST: Duration = Duration::from_secs(3);

/// People of the demo content who attack, or are used for it.
pub(super) const PEOPLE: [&str; 12] = [
    PROVIDER,
    "anna.rebane@pohjala.example",
    "ben.oja@pohjala.example",
    OWNER,
    "peeter.lepp@pohjala.example",
    "jonas.kask@baltic-cloud.example",
    "jule.koenig@ravensburg-biotech.example",
    "max.gross@ravensburg-biotech.example",
    "olena.koval@kyiv-data.example",
    "taras.bondar@kyiv-data.example",
    "support@stoa.example",
    STAFF,
];
pub(super) const PROVIDER: &str = "liis.tamm@nordic-hpc.example";
pub(super) const OWNER: &str = "mari.saar@pohjala.example";
pub(super) const STAFF: &str = "staff@stoa.example";

/// The portal that is attacked.
pub(super) struct Scene<'a> {
    portal: &'a Portal,
    /// Where its data is, unless it is in its folder.
    cluster: Option<&'a Postgres>,
    /// When floods are over, once the first has begun: signing in for one takes its own time.
    ends: OnceLock<Instant>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(portal: &'a Portal, cluster: Option<&'a Postgres>) -> Self {
        Self {
            portal,
            cluster,
            ends: OnceLock::new(),
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.portal.socket()
    }

    pub(super) fn portal(&self) -> &Portal {
        self.portal
    }

    pub(super) fn cluster(&self) -> Option<&Postgres> {
        self.cluster
    }

    pub(super) fn memory(&self) -> Result<u64> {
        self.portal.memory()
    }

    /// Whether a flood has lasted long enough, since this was asked first.
    pub(super) fn is_over(&self) -> bool {
        let ends = self.ends.get_or_init(|| Instant::now() + LASTS);
        Instant::now() > *ends || interrupted()
    }

    /// Somebody of the demo content, at the address of so-and-so-many.
    pub(super) fn person(&self, email: &str, number: usize) -> Result<Person> {
        Person::signed_in(self.address(), source(number), email)
    }

    /// Somebody who is not signed in.
    pub(super) fn visitor(&self, number: usize) -> Person {
        Person::new(self.address(), source(number))
    }

    pub(super) fn connect(&self, number: usize) -> Result<Connection> {
        Connection::open_from(source(number), self.address())
    }

    /// Everybody does the same over and over, each in a thread and at an address of their own; how often it was answered
    /// with what.
    pub(super) fn flood<T: Send>(
        &self,
        people: Vec<T>,
        once: impl Fn(&mut T) -> Result<Answer> + Sync,
    ) -> Result<Answers> {
        let answers = Answers::default();
        thread::scope(|scope| {
            let threads: Vec<_> = people
                .into_iter()
                .map(|mut person| {
                    let (answers, once) = (&answers, &once);
                    scope.spawn(move || {
                        while !self.is_over() {
                            answers.count(&once(&mut person));
                        }
                    })
                })
                .collect();
            threads.into_iter().try_for_each(|thread| {
                thread
                    .join()
                    .map_err(|_panic| anyhow::anyhow!("an attacker panicked"))
            })
        })?;
        Ok(answers)
    }
}

/// Lets the portal rest.
pub(super) fn rest() -> Result<()> {
    pause(REST)
}

/// One of many addresses of the loopback, none of them the victim's.
pub(super) fn source(number: usize) -> Ipv4Addr {
    let [.., high, low] = u32::try_from(number).unwrap_or_default().to_be_bytes();
    Ipv4Addr::new(127, 1, high, low.max(1))
}

/// The first link of this kind on a page.
pub(super) fn first_link(person: &mut Person, page: &str, kind: &str) -> Result<String> {
    let links = Page::read(&person.get(page)?.text()).links;
    let fits = |link: &String| link.starts_with(kind) && !link.contains('?');
    links
        .into_iter()
        .find(fits)
        .with_context(|| format!("{page} leads to no {kind}"))
}

/// What is counted where no answer came.
pub(super) const HUNG_UP: &str = "hung up";

/// How often something was answered with what.
#[derive(Default)]
pub(super) struct Answers(Mutex<BTreeMap<String, u32>>);

impl Answers {
    pub(super) fn count(&self, answer: &Result<Answer>) {
        match answer {
            Ok(answer) => self.add(&answer.status.to_string()),
            Err(_) => self.add(HUNG_UP),
        }
    }

    pub(super) fn add(&self, what: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry(what.to_owned()).or_default() += 1;
    }

    /// How often it was answered with this.
    pub(super) fn of(&self, what: &str) -> u32 {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(what).copied().unwrap_or_default()
    }

    /// In words; an error where one of the answers that must come did not, or one came that neither must nor may. So a
    /// flood that never reached what it is meant for is none.
    pub(super) fn judge(&self, must: &[&str], may: &[&str]) -> Result<String> {
        let words = self.words();
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(missing) = must.iter().find(|what| !all.contains_key(**what)) {
            bail!("nothing was answered with {missing}: {words}");
        }
        let expected = |what: &&String| must.contains(&what.as_str()) || may.contains(&what.as_str());
        match all.keys().find(|what| !expected(what)) {
            Some(other) => bail!("{other} is no answer to this: {words}"),
            None => Ok(words),
        }
    }

    pub(super) fn words(&self) -> String {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let parts: Vec<String> = all
            .iter()
            .map(|(what, often)| format!("{what}: {often}"))
            .collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, HUNG_UP};

    #[test]
    fn what_must_be_answered_was_and_nothing_else() {
        let answers = Answers::default();
        answers.add(HUNG_UP);
        assert!(answers.judge(&["413"], &[HUNG_UP]).is_err(), "all hung up");
        answers.add("413");
        assert!(answers.judge(&["413"], &[HUNG_UP]).is_ok());
        answers.add("500");
        assert!(answers.judge(&["413"], &[HUNG_UP]).is_err());
    }
}
