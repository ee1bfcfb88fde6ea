//! `cargo xtask`: everything one does with this repository besides editing it.
//!
//! Owns: set-up of a machine, building the browser's bundle, starting the portal, running every test.
//! Must not know: any of our other packages; it speaks to them through cargo and the `stoa` binary.
//! Start reading at `cli`, then follow the command's own module.

mod attack;
mod bench;
mod build;
mod cargo;
mod cli;
mod clients;
mod css;
mod fingerprint;
mod fuzz;
mod fuzz_forms;
mod fuzz_parsers;
mod http;
mod lint;
mod machine;
mod packages;
mod paths;
mod portal;
mod postgres;
mod process;
mod readme;
mod run;
mod served;
mod setup;
mod site;
mod sizes;
mod slurm;
mod step;
mod test;
mod visit;
mod wasm;
mod watch_log;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use cli::{Cli, Command};
use wasm::Bundle;

fn main() -> ExitCode {
    match dispatch(&Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(cli: &Cli) -> Result<ExitCode> {
    process::install_signal_handler()?;
    let done = match &cli.command {
        Command::Run { release, listen } => run::run(*release, *listen),
        Command::Build { release } => build::everything(*release, Bundle::Small),
        Command::Setup { part } => setup::run(*part),
        // Its closing line is the last one: a failure of tests is told by the exit code alone.
        Command::Test(options) => return test::run(options),
        Command::Lint => lint::run(),
        Command::Sizes => sizes::run(),
        Command::Bench { size, built } => bench::run(*size, *built),
        Command::Attack { program } => attack::run(program.as_deref()),
        Command::FuzzForms(options) => fuzz_forms::run(options),
        Command::FuzzParsers(options) => fuzz_parsers::run(options),
        Command::Slurm(command) => slurm::run(command),
    };
    done.map(|()| ExitCode::SUCCESS)
}
