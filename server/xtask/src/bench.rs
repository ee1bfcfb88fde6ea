//! `cargo xtask bench`: speed and size of the optimised portal on both databases, all in one run on one machine.

mod figures;
mod instance;
mod load;
mod orders;
mod report;
mod size;

use anyhow::Result;

use crate::cargo::cargo;
use crate::cli::Part;
use crate::machine::processor;
use crate::postgres::Postgres;
use crate::process::stream;
use crate::step::{say, step};
use crate::wasm::Bundle;
use crate::{readme, setup, site};

use figures::Figures;
use instance::Database;
use report::Column;

/// Offerings, organizations and a tenth of the resources.
pub(crate) const SIZE: u32 = 1000;

/// `cargo xtask bench`
pub(crate) fn run(size: u32, built: bool) -> Result<()> {
    setup::ensure(Part::Bench)?;
    if !built {
        setup::ensure(Part::Build)?;
        site::build(Bundle::Small)?;
        step(
            "building the server and what it is measured with (release)",
            || {
                let mut command = cargo();
                stream(command.args([
                    "build",
                    "--package",
                    "server",
                    "--bins",
                    "--features",
                    "bench",
                    "--release",
                ]))
            },
        )?;
    }
    let sqlite = measure("SQLite", size, None)?;
    let cluster = Postgres::start()?;
    let postgres = measure("PostgreSQL", size, Some(cluster.url()))?;
    let table = report::table(
        &processor()?,
        &[
            Column {
                name: "SQLite",
                figures: sqlite,
            },
            Column {
                name: "PostgreSQL",
                figures: postgres,
            },
        ],
    );
    say(&table);
    if size == SIZE {
        readme::write("bench", &table)?;
    }
    Ok(())
}

fn measure(name: &str, size: u32, url: Option<String>) -> Result<Figures> {
    let database = Database::create(name, url)?;
    step(
        &format!("{name}: filling a database with {size} offerings"),
        || database.fill(size),
    )?;
    step(&format!("{name}: measuring"), || figures::take(&database))
}
