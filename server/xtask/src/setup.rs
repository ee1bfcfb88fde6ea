//! What builds and tests need on a machine: installed when missing, nothing done when there.

mod browser;
mod cargo_program;
mod node;
mod python;

use anyhow::Result;

pub(crate) use browser::CHROMIUM;
pub(crate) use cargo_program::cargo_program;

use crate::cli::Part;
use crate::packages::{self, BENCH, BUILD, PDF, POSTGRES, SLURM};
use crate::paths;
use crate::step::step;
use crate::wasm::Toolchain;

/// `cargo xtask setup [part]`
pub(crate) fn run(part: Option<Part>) -> Result<()> {
    let parts = part.map_or_else(|| Part::ALL.to_vec(), |part| vec![part]);
    parts
        .into_iter()
        .try_for_each(|part| step(&format!("setting up: {}", part.name()), || ensure(part)))
}

/// One part, silently when it is complete.
pub(crate) fn ensure(part: Part) -> Result<()> {
    match part {
        Part::Build => packages::ensure("building", BUILD),
        Part::Wasm => Toolchain::find().map(drop),
        Part::Browser => browser::ensure(),
        Part::Postgres => packages::ensure("PostgreSQL", POSTGRES),
        Part::Slurm => packages::ensure("SLURM", SLURM),
        Part::Pdf => packages::ensure("looking at PDFs", PDF),
        Part::Fuzz => schemathesis().map(drop),
        Part::Clients => clients(),
        Part::Bench => packages::ensure("measuring", BENCH),
    }
}

pub(crate) use python::{client_tools, schemathesis};

fn clients() -> Result<()> {
    let home = paths::root().join("end2end/clients");
    node::packages_of(&home, "generated clients")?;
    client_tools(&home.join("requirements.txt")).map(drop)
}
