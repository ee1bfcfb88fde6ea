//! The command line of the one binary.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use model::{Month, TokenScope};

/// Stoa: a self-service marketplace for cloud services.
#[derive(Debug, Parser)]
#[command(name = "stoa", version, about)]
pub(crate) struct Cli {
    /// Configuration file; `stoa.toml` in the current folder when not given.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the portal and the API, and work jobs unless told not to.
    Serve(ServeArgs),
    /// Work jobs only: provisioning, usage, documents.
    Work,
    /// Bring the database schema up to date.
    Migrate(MigrateArgs),
    /// Fill an empty database.
    Seed(SeedArgs),
    /// Manage people.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Manage personal access tokens.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Close months.
    Billing {
        #[command(subcommand)]
        command: BillingCommand,
    },
    /// Check the invariants on the live database; lists what is wrong and fails if anything is.
    Verify,
    /// Print the OpenAPI description of the API.
    Openapi,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Leave all jobs to other processes (`stoa work`).
    #[arg(long)]
    pub(crate) no_work: bool,
    /// Bring the schema up to date first.
    #[arg(long)]
    pub(crate) migrate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Take back the last N steps instead.
    #[arg(long, value_name = "N")]
    pub(crate) down: Option<u32>,
    /// Only list the steps.
    #[arg(long)]
    pub(crate) status: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SeedArgs {
    /// What to fill it with.
    pub(crate) what: Seed,
    /// For `bench`: how many offerings, organizations and (times ten) resources.
    #[arg(long, default_value_t = 1000)]
    pub(crate) size: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Seed {
    /// Believable people, organizations, offerings, usage and invoices.
    Demo,
    /// A large catalogue for measurements.
    Bench,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a person; asks for nothing, prints a first password unless one comes on standard input.
    Add {
        /// E-mail address, which is also the name to sign in with.
        email: String,
        /// Full name.
        #[arg(long)]
        name: String,
        /// User name on backends; made from the e-mail address when not given.
        #[arg(long)]
        username: Option<String>,
        /// Operates the installation.
        #[arg(long)]
        staff: bool,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token for a person and print it once.
    Add {
        /// Whose token.
        #[arg(long, value_name = "E-MAIL")]
        user: String,
        /// What it may be used for; may be given several times.
        #[arg(long, required = true, value_parser = scope)]
        scope: Vec<TokenScope>,
        /// Days until it ends.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=365))]
        days: u32,
        /// What to call it.
        #[arg(long, default_value = "command line")]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BillingCommand {
    /// Close a month that is over: freeze usage, number and issue its invoices.
    Close {
        /// The month, as 2026-10.
        month: Month,
    },
}

fn scope(text: &str) -> Result<TokenScope, String> {
    let known = || {
        TokenScope::ALL
            .iter()
            .map(|one| one.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    TokenScope::parse(text).ok_or_else(|| format!("there is no scope “{text}”; there are {}", known()))
}
