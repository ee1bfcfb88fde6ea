//! The `stoa` binary as a library, so that tests can serve it in their own process: the composition root and the HTTP
//! edge. Knows every other package; nothing knows it.
//! Start with `cli` (what it can do), `serve` (how it runs) and `router` (what it answers).
// Views of Leptos nest types deeply.
#![recursion_limit = "512"]

mod cli;
mod commands;
mod config;
mod connections;
mod counts;
mod files;
mod http;
mod one_process;
mod open_files;
mod private_files;
mod rest;
mod router;
mod seed;
mod serve;
mod state;
mod telemetry;
mod watching;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    cli::{Cli, Command},
    config::Config,
};
pub use crate::{
    config::HttpConfig,
    connections::{ConnectionLimits, serve_connections},
    files::file_paths,
    router::Edge,
};

/// Does what the command line asks for.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            use std::io::Write;
            // Nothing can be done when even standard error is closed.
            drop(writeln!(
                std::io::stderr(),
                "stoa: {}",
                commands::explained(&error)
            ));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Command::Openapi = cli.command {
        return commands::openapi();
    }
    let config = Config::load(cli.config)?;
    telemetry::start_logs(&config.telemetry)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(config, cli.command))
}

async fn dispatch(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::serve(config, args).await?,
        Command::Work => serve::work(config).await?,
        Command::Migrate(args) => commands::migrate(&config, &args).await?,
        Command::Seed(args) => seed::seed(&config, &args).await?,
        Command::User { command } => commands::user(&config, command).await?,
        Command::Key { command } => commands::key(&config, &command).await?,
        Command::Token { command } => commands::token(&config, command).await?,
        Command::Job { command } => commands::job(&config, command).await?,
        Command::Billing { command } => return commands::billing(&config, &command).await,
        Command::Verify => return commands::verify(&config).await,
        Command::Openapi => return commands::openapi(),
    }
    Ok(ExitCode::SUCCESS)
}
