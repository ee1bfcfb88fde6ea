//! `cargo xtask bench`: speed and size of the optimised portal on both databases, all in one run on one machine.

mod figures;
mod http;
mod instance;
mod load;
mod orders;
mod report;
mod size;

use std::fs;

use anyhow::{Context, Result};

use crate::cargo::cargo;
use crate::cli::Part;
use crate::paths;
use crate::postgres::Postgres;
use crate::process::stream;
use crate::step::{say, step};
use crate::wasm::Bundle;
use crate::{setup, site};

use figures::Figures;
use instance::{Database, Folder};
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
        write(&table)?;
    }
    Ok(())
}

/// The name of the processor and how many of its threads there are.
fn processor() -> Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo").context("the system does not name its processor")?;
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map(|(_, name)| name.trim())
        .collect();
    let name = names
        .first()
        .copied()
        .unwrap_or("one that the system does not name");
    Ok(format!("{name}, {} threads", names.len()))
}

fn measure(name: &str, size: u32, url: Option<String>) -> Result<Figures> {
    let folder = Folder::create(name)?;
    let database = Database::new(folder, url);
    step(
        &format!("{name}: filling a database with {size} offerings"),
        || database.fill(size),
    )?;
    step(&format!("{name}: measuring"), || figures::take(&database))
}

fn write(table: &str) -> Result<()> {
    let path = paths::root().join("README.md");
    let text = fs::read_to_string(&path)?;
    let (before, rest) = text
        .split_once(report::BEGIN)
        .context("README.md has no place for figures")?;
    let (_, after) = rest
        .split_once(report::END)
        .context("the place for figures in README.md has no end")?;
    let whole = format!("{before}{}\n\n{table}\n{}{after}", report::BEGIN, report::END);
    fs::write(&path, whole).context("README.md cannot be written")
}
