//! `cargo xtask test`: sets up what the tests need, runs every test, and sums up.
//!
//! A suite that cannot run counts as a failed test: nothing is left out in silence.

mod browser;
mod kind;
mod native;
mod outcome;
mod tally;

use std::path::Path;
use std::process::ExitCode;
use std::thread;

use anyhow::Result;

pub(crate) use kind::Kind;
pub(crate) use tally::Tally;

use crate::cli::{Part, TestOptions};
use crate::process::{adopt_orphans, capture, interrupted, stop_orphans, stream};
use crate::slurm::{self, Lab, Started};
use crate::step::step;
use crate::wasm::Bundle;
use crate::{clients, fuzz, fuzz_forms, packages, postgres, setup, site};

/// Runs the wanted kinds and prints the closing line; the code says whether all passed.
pub(crate) fn run(options: &TestOptions) -> Result<ExitCode> {
    adopt_orphans()?;
    let wanted: Vec<Kind> = if options.only.is_empty() {
        Kind::ALL.to_vec()
    } else {
        options.only.clone()
    };
    let mut tally = Tally::default();
    let lab = Laboratory::start(&wanted, &options.lab.dir, &mut tally);
    native_suites(&wanted, lab.is_some(), &mut tally);
    portal_suites(&wanted, &options.lab.dir, &mut tally);
    drop(lab);
    stop_orphans();
    tally.print();
    let clean = tally.failed() == 0 && !interrupted();
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn native_suites(wanted: &[Kind], slurm_is_up: bool, tally: &mut Tally) {
    if !wanted.iter().any(|kind| kind.is_native()) {
        return;
    }
    let outcome = start_postgres(wanted).and_then(|cluster| {
        let url = cluster.as_ref().map(postgres::Postgres::url);
        native::run(wanted, url.as_deref(), slurm_is_up, tally)
    });
    tally.note(Kind::Unit, "native tests", outcome);
}

fn start_postgres(wanted: &[Kind]) -> Result<Option<postgres::Postgres>> {
    if wanted.iter().any(|kind| kind.needs_postgres()) {
        return postgres::Postgres::start().map(Some);
    }
    Ok(None)
}

/// The program is the one that the native tests were built with: it checks its arithmetic, and an optimised one takes
/// longer to build than all of these tests to run.
fn portal_suites(wanted: &[Kind], lab: &Path, tally: &mut Tally) {
    if interrupted() || !wanted.iter().any(|kind| kind.needs_portal()) {
        return;
    }
    let built = build_portal();
    let is_built = built.is_ok();
    tally.note(Kind::Browser, "the portal", built);
    if !is_built || interrupted() {
        return;
    }
    // One installation at a time: only what is there already is used side by side.
    let parts = [
        (Kind::Browser, Part::Browser),
        (Kind::Browser, Part::Pdf),
        (Kind::Fuzz, Part::Fuzz),
        (Kind::Clients, Part::Clients),
    ];
    for (kind, part) in parts.into_iter().filter(|(kind, _)| wanted.contains(kind)) {
        tally.note(kind, part.name(), setup::ensure(part));
    }
    // A browser mostly waits; what programs ask of the API meanwhile, they ask of portals of their own.
    thread::scope(|scope| {
        let programs = scope.spawn(|| api_suites(wanted));
        if wanted.contains(&Kind::Browser) {
            let outcome = browser::run(lab, tally);
            tally.note(Kind::Browser, "browser tests", outcome);
        }
        tally.absorb_from(programs, Kind::Fuzz);
    });
}

/// The portal that tests try, with all that it serves.
pub(crate) fn build_portal() -> Result<()> {
    site::build(Bundle::Small)?;
    step("building the portal", native::build_portal)
}

fn api_suites(wanted: &[Kind]) -> Tally {
    let mut tally = Tally::default();
    if wanted.contains(&Kind::Fuzz) {
        let outcome = fuzz::run_built(&mut tally);
        tally.note(Kind::Fuzz, "schemathesis", outcome);
    }
    if wanted.contains(&Kind::Fuzz) && !interrupted() {
        let outcome = fuzz_forms::run_built(&mut tally);
        tally.note(Kind::Fuzz, "forms", outcome);
    }
    if wanted.contains(&Kind::Clients) && !interrupted() {
        let outcome = clients::run_built(&mut tally);
        tally.note(Kind::Clients, "generated clients", outcome);
    }
    tally
}

/// People of the demo content who submit jobs in the journeys: they must be users of the node.
const PEOPLE: [&str; 2] = ["anna", "ben"];

/// SLURM for as long as the tests run; one that was up before stays up.
struct Laboratory {
    lab: Lab,
    started: Started,
}

impl Laboratory {
    fn start(wanted: &[Kind], dir: &Path, tally: &mut Tally) -> Option<Self> {
        if !wanted.iter().any(|kind| kind.needs_slurm()) {
            return None;
        }
        let outcome = Lab::at(dir).and_then(|lab| {
            let started = up(&lab)?;
            Ok(Self { lab, started })
        });
        outcome
            .map_err(|error| tally.note(Kind::Slurm, "starting SLURM", Err(error)))
            .ok()
    }
}

/// Daemons need root; for everybody else the same command runs through sudo.
fn up(lab: &Lab) -> Result<Started> {
    if packages::is_root() {
        return slurm::up(lab, &PEOPLE.map(str::to_owned));
    }
    let started = if slurm::is_up() {
        Started::Before
    } else {
        Started::Now
    };
    stream(slurm::as_root("up", &lab.dir)?.arg("--user").args(PEOPLE))?;
    Ok(started)
}

impl Drop for Laboratory {
    fn drop(&mut self) {
        if self.started == Started::Before {
            return;
        }
        let outcome = if packages::is_root() {
            slurm::down(&self.lab, false)
        } else {
            slurm::as_root("down", &self.lab.dir).and_then(|mut command| capture(&mut command).map(drop))
        };
        if let Err(error) = outcome {
            eprintln!("SLURM could not be stopped: {error:#}");
        }
    }
}
