//! `cargo xtask fuzz-forms`: nine people walk through the portal, fill in its forms as they are meant and as they are not,
//! and call the API and what scripts call. Nothing may fail, whatever is sent.

mod api;
mod counts;
mod fields;
mod functions;
mod hostile;
mod journal;
mod known;
mod roles;
mod round;
mod sender;

use std::ops::RangeFrom;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::cli::FuzzFormsOptions;
use crate::paths;
use crate::portal::Installation;
use crate::postgres::Postgres;
use crate::process::interrupted;
use crate::step::{say, step};
use crate::test::{self, Kind, Tally};

use counts::Counts;
use journal::Journal;
use roles::ROLES;
use round::{Plan, Round};
use sender::Outcome;

/// After so many requests the portal begins anew, with the next seed: by then much of its content is ended or overgrown.
const ROUND: u32 = 4_000;
/// Of 100 posted forms so many have to reach the rules.
const DECODED: f64 = 70.0;
/// What every run of the tests tries on each database. Much else runs beside it then, so only what hangs is too slow.
const SMOKE: Wanted = Wanted {
    requests: 400,
    seed: 1,
    slowest: Duration::from_secs(30),
    at_once: 1,
};
/// Slower answers are faults where nothing else runs.
const SLOWEST: Duration = Duration::from_secs(5);
/// A server that is told to stop has ended within.
const ENDS_WITHIN: Duration = Duration::from_secs(15);

/// What is tried on each database.
#[derive(Clone, Copy)]
struct Wanted {
    requests: u32,
    seed: u64,
    slowest: Duration,
    /// So many rounds on each database, with a portal each.
    at_once: u8,
}

/// `cargo xtask fuzz-forms`
pub(crate) fn run(options: &FuzzFormsOptions) -> Result<()> {
    let program = match &options.program {
        Some(program) => paths::absolute(program)?,
        None => {
            test::build_portal()?;
            paths::stoa("debug")
        }
    };
    let wanted = Wanted {
        requests: options.requests,
        seed: options.seed,
        slowest: SLOWEST,
        at_once: options.at_once,
    };
    let faults = both(&program, wanted)?.concat();
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{} faults:\n{}", faults.len(), faults.join("\n"))
}

/// A short run with a portal that is built already. Each database counts as one test.
pub(crate) fn run_built(tally: &mut Tally) -> Result<()> {
    let databases = step("nine people fill in forms on both databases", || {
        both(&paths::stoa("debug"), SMOKE)
    })?;
    for faults in databases {
        let failed = usize::from(!faults.is_empty());
        tally.add(Kind::Fuzz, 1 - failed, failed, 0);
        for fault in faults {
            tally.trouble(fault);
        }
    }
    Ok(())
}

/// Both databases at once, each with a portal of its own; the faults that were found on each. What ends one of them early is a
/// fault of it, so that those of the other are told too.
fn both(program: &Path, wanted: Wanted) -> Result<[Vec<String>; 2]> {
    let cluster = Postgres::start()?;
    thread::scope(|scope| {
        let sqlite = scope.spawn(|| Engine::sqlite(program)?.run(wanted));
        let postgres = Engine::postgres(program, &cluster).and_then(|engine| engine.run(wanted));
        let sqlite = sqlite.join().map_err(|_panic| anyhow!("the fuzzer panicked"))?;
        if interrupted() {
            bail!("interrupted");
        }
        Ok([told_of("SQLite", sqlite), told_of("PostgreSQL", postgres)])
    })
}

fn told_of(name: &str, outcome: Result<Vec<String>>) -> Vec<String> {
    outcome.unwrap_or_else(|error| vec![format!("{name}: {error:#}")])
}

/// A database with the demo content, of which every round gets a copy.
struct Engine<'a> {
    name: &'static str,
    filled: Installation,
    cluster: Option<&'a Postgres>,
    plan: Plan,
}

/// The database of PostgreSQL that is copied for each round.
const FILLED: &str = "stoa_filled";

/// What rounds that go on at once share: which is next, and what was found so far.
struct Progress {
    seeds: RangeFrom<u64>,
    begun: u32,
    all: Counts,
    faults: Vec<String>,
}

impl<'a> Engine<'a> {
    fn sqlite(program: &Path) -> Result<Self> {
        Self::on("SQLite", program, None)
    }

    fn postgres(program: &Path, cluster: &'a Postgres) -> Result<Self> {
        cluster.copy("template1", FILLED)?;
        Self::on("PostgreSQL", program, Some(cluster))
    }

    fn on(name: &'static str, program: &Path, cluster: Option<&'a Postgres>) -> Result<Self> {
        let mut filled = Installation::create(program, &format!("forms-{}", name.to_lowercase()))?
            .with("STOA_LOG_FORMAT", "json")
            .with("STOA_ANONYMOUS_READS_PER_MINUTE", "0")
            // No program of the machine is started, whatever a provider types.
            .with("STOA_SLURM_BIN_DIR", "/nonexistent");
        if let Some(cluster) = cluster {
            filled = filled.with("STOA_DATABASE_URL", cluster.url_of(FILLED));
        }
        filled.fill()?;
        let tokens = ROLES.map(|(_, email)| email.map(|email| filled.token(email)).transpose());
        let description: Value =
            serde_json::from_str(&filled.describe()?).context("the description of the API is no JSON")?;
        let plan = Plan {
            functions: functions::find()?,
            operations: api::read(&description)?,
            tokens: tokens.into_iter().collect::<Result<_>>()?,
        };
        Ok(Self {
            name,
            filled,
            cluster,
            plan,
        })
    }

    /// Round after round, as many at once as are wanted; none begins after one that finds something.
    fn run(&self, wanted: Wanted) -> Result<Vec<String>> {
        let progress = Mutex::new(Progress {
            seeds: wanted.seed..,
            begun: 0,
            all: Counts::default(),
            faults: Vec::new(),
        });
        let shared = &progress;
        thread::scope(|scope| {
            let lanes: Vec<_> = (0..wanted.at_once.max(1))
                .map(|lane| scope.spawn(move || self.one_after_another(lane, wanted, shared)))
                .collect();
            lanes
                .into_iter()
                .try_for_each(|lane| lane.join().map_err(|_panic| anyhow!("a round panicked"))?)
        })?;
        let Progress { all, mut faults, .. } = progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        say(format!("  {}: {}", self.name, all.words()));
        if faults.is_empty() {
            faults = self.told(&too_little(&all), wanted, 0);
        }
        Ok(faults)
    }

    fn one_after_another(&self, lane: u8, wanted: Wanted, progress: &Mutex<Progress>) -> Result<()> {
        let now = || progress.lock().unwrap_or_else(PoisonError::into_inner);
        let next = || now().next(wanted);
        while let Some(round) = next() {
            let found = self.round(round, lane);
            let (counts, faults) = found.with_context(|| self.again(round, lane))?;
            if interrupted() {
                bail!("interrupted");
            }
            let mut now = now();
            now.all.absorb(&counts);
            now.faults.extend(self.told(&faults, round, lane));
        }
        Ok(())
    }

    fn round(&self, wanted: Wanted, lane: u8) -> Result<(Counts, Vec<String>)> {
        let copy = self.copy(lane)?;
        let log = copy.log();
        let portal = copy.serve()?;
        let journal = Journal::begin(&self.journal(lane))?;
        let Outcome {
            counts,
            mut faults,
            mark,
        } = Round::begin(&portal, &self.plan, journal, wanted.slowest)?.run(wanted.seed, wanted.requests)?;
        if let Err(error) = portal.stop(ENDS_WITHIN).and_then(|(copy, _)| copy.verify()) {
            faults.push(format!("{error:#}"));
        }
        if !faults.is_empty() {
            faults.push(format!("the portal's log is {}", log.display()));
        }
        say(format!(
            "  {}, seed {}: {}; mark {mark:016x}",
            self.name,
            wanted.seed,
            counts.words()
        ));
        Ok((counts, faults))
    }

    fn copy(&self, lane: u8) -> Result<Installation> {
        let copy = self
            .filled
            .copy(&format!("forms-round-{}-{lane}", self.name.to_lowercase()))?;
        let Some(cluster) = self.cluster else {
            return Ok(copy);
        };
        let database = format!("stoa_round_{lane}");
        cluster.copy(FILLED, &database)?;
        Ok(copy.with("STOA_DATABASE_URL", cluster.url_of(&database)))
    }

    fn journal(&self, lane: u8) -> PathBuf {
        paths::log(&format!("forms-{}-{lane}-requests", self.name.to_lowercase()))
    }

    /// The faults, and how to see them again.
    fn told(&self, faults: &[String], wanted: Wanted, lane: u8) -> Vec<String> {
        let again = (!faults.is_empty()).then(|| format!("{}: {}", self.name, self.again(wanted, lane)));
        let told = faults.iter().map(|fault| format!("{}: {fault}", self.name));
        told.chain(again).collect()
    }

    fn again(&self, wanted: Wanted, lane: u8) -> String {
        format!(
            "again with `cargo xtask fuzz-forms --seed {} --requests {}`; every request is in {}",
            wanted.seed,
            wanted.requests,
            self.journal(lane).display()
        )
    }
}

impl Progress {
    /// The next round; none where enough are begun, or one found something.
    fn next(&mut self, wanted: Wanted) -> Option<Wanted> {
        let left = wanted.requests.saturating_sub(self.begun);
        if left == 0 || !self.faults.is_empty() || interrupted() {
            return None;
        }
        let requests = ROUND.min(left);
        self.begun += requests;
        Some(Wanted {
            requests,
            seed: self.seeds.next()?,
            ..wanted
        })
    }
}

/// Why a run that found nothing says little, where it does.
fn too_little(all: &Counts) -> Vec<String> {
    let mut faults: Vec<String> = all
        .never_taken()
        .map(|what| format!("nothing of {what:?} was answered with a success"))
        .collect();
    let share = all.share();
    if share < DECODED {
        faults.push(format!("only {share:.0} % of the posted forms reached the rules"));
    }
    faults
}
