//! Where passwords are hashed and measured: a few threads of their own and a line of bounded length before them, so that
//! however many people sign in at once, other requests keep their processors.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinError;

/// Passwords of browsers that nobody knows that may wait at once.
const STRANGERS_PLACES: usize = 24;
/// Places that are kept for people who are signed in and for browsers that they have used before: strangers cannot take
/// them.
const KNOWN_PLACES: usize = 8;

/// Who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Anybody.
    Stranger,
    /// Somebody who is signed in, or a browser in which this person has signed in before.
    Known,
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashingError {
    /// The line is full.
    #[error("too many passwords wait")]
    Full,
    /// The work panicked, or the process ends.
    #[error("hashing was broken off")]
    BrokenOff(#[from] JoinError),
}

/// The threads and the line before them.
#[derive(Debug)]
pub(crate) struct HashingPool {
    at_once: Arc<Semaphore>,
    strangers: Semaphore,
    known: Semaphore,
}

impl Default for HashingPool {
    /// Half the cores hash.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            at_once: Arc::new(Semaphore::new(cores.div_euclid(2).max(1))),
            strangers: Semaphore::new(STRANGERS_PLACES),
            known: Semaphore::new(KNOWN_PLACES),
        }
    }
}

/// A place in the line, held until the work is done.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    at_once: Arc<Semaphore>,
    _place: SemaphorePermit<'a>,
}

impl HashingPool {
    /// Takes a place in the line. Refused at once where it is full.
    pub(crate) fn line_up(&self, place: Place) -> Result<Waiting<'_>, HashingError> {
        let line = match place {
            Place::Stranger => &self.strangers,
            Place::Known => &self.known,
        };
        Ok(Waiting {
            at_once: Arc::clone(&self.at_once),
            _place: line.try_acquire().map_err(|_full| HashingError::Full)?,
        })
    }
}

impl Waiting<'_> {
    /// Does `work` when its turn has come.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let turn = Arc::clone(&self.at_once).acquire_owned().await;
        let turn = turn.map_err(|_never_closed| HashingError::Full)?;
        // The turn goes with the work: where the request is dropped, the thread is still busy.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        Ok(done.await?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn few_hash_at_once_a_bounded_number_waits_and_strangers_take_no_place_of_the_known() {
        let pool = Arc::new(HashingPool {
            at_once: Arc::new(Semaphore::new(2)),
            ..HashingPool::default()
        });
        let (busy, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (busy, most) = (Arc::clone(&busy), Arc::clone(&most));
            move || {
                most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(30));
                busy.fetch_sub(1, Ordering::SeqCst);
            }
        };
        let mut all = JoinSet::new();
        for _ in 0..400 {
            let (pool, work) = (Arc::clone(&pool), work());
            all.spawn(async move {
                match pool.line_up(Place::Stranger) {
                    Ok(waiting) => waiting.run(work).await.is_ok(),
                    Err(_) => false,
                }
            });
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        let known = pool
            .line_up(Place::Known)
            .expect("the flood leaves room for the known");
        known.run(work()).await.unwrap();
        let done = all.join_all().await.into_iter().filter(|done| *done).count();
        assert!(
            (STRANGERS_PLACES..100).contains(&done),
            "{done} of 400 were taken"
        );
        assert_eq!(most.load(Ordering::SeqCst), 2, "at once");
    }
}
