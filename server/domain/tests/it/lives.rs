//! Random lives: buyers and a seller do whatever they may, at random instants, in random time zones. After each closing
//! every document is compared with an independent reckoning, nothing that was issued may have moved, and the check of the
//! invariants must be silent.
//!
//! `STOA_TEST_LIVES=10000` lives that many (on as many threads as there are processors), `STOA_TEST_LIVES_FROM=17` begins
//! with the seventeenth. A life that goes wrong is named by its number and told as a story.

mod acts;
mod buyer;
mod changes;
mod clockwork;
mod compare;
mod life;
mod luck;
mod market;
mod parties;
mod seller;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use testkit::{Engine, Fixture, World, both_engines};

use life::Life;

/// The engine itself: each life has a world of its own.
struct On(Engine);

impl Fixture for On {
    async fn on(engine: Engine) -> Self {
        Self(engine)
    }
}

/// What came of many lives.
#[derive(Default)]
struct Seen {
    lives: u64,
    documents: u64,
    refused: BTreeMap<String, u64>,
    wrong: Vec<u64>,
}

both_engines! {
    async fn whatever_people_do_documents_are_what_the_rules_say(on: On) {
        let began = Instant::now();
        let from = number("STOA_TEST_LIVES_FROM").unwrap_or(0);
        let until = from + number("STOA_TEST_LIVES").unwrap_or(4);
        let next = AtomicU64::new(from);
        let seen = Mutex::new(Seen::default());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
                    runtime.unwrap().block_on(async {
                        loop {
                            let seed = next.fetch_add(1, Ordering::Relaxed);
                            if seed >= until {
                                return;
                            }
                            live(on.0, seed, &seen).await;
                        }
                    });
                });
            }
        });
        let seen = seen.into_inner().unwrap();
        let took = began.elapsed();
        eprintln!(
            "{} lives, {} documents in {:.1} s on {:?}: {} ms a life",
            seen.lives, seen.documents, took.as_secs_f64(), on.0, took.as_millis() / u128::from(seen.lives.max(1))
        );
        for (refusal, count) in &seen.refused {
            eprintln!("  refused {count} times: {refusal}");
        }
        assert!(
            seen.wrong.is_empty(),
            "{} of {} lives went wrong; live one again with STOA_TEST_LIVES=1 STOA_TEST_LIVES_FROM=…: {:?}",
            seen.wrong.len(), seen.lives, seen.wrong
        );
    }
}

async fn live(engine: Engine, seed: u64, all: &Mutex<Seen>) {
    let world = World::on(engine).await;
    let mut life = Life::begin(&world, seed).await;
    let lived = life.live().await;
    let mut so_far = all.lock().unwrap();
    so_far.lives += 1;
    so_far.documents += life.documents();
    for (refusal, count) in life.refusals() {
        *so_far.refused.entry(refusal.clone()).or_default() += count;
    }
    if let Err(fault) = lived {
        eprintln!("{}\nlife {seed} went wrong: {fault}\n", life.story());
        so_far.wrong.push(seed);
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says how many")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
