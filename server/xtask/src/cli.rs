//! The sub-commands and their options.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::test::Kind;

/// The project's own commands. All say what they do and how long it takes, and are safe to run again.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Build what changed and serve the portal with demo content
    Run {
        /// Optimise the server too
        #[arg(long)]
        release: bool,
        /// Address and port to listen on
        #[arg(long, env = "STOA_LISTEN", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// Build the browser's bundle, the style sheet and the server
    Build {
        /// Optimise the server too
        #[arg(long)]
        release: bool,
    },
    /// Install what builds and tests need, all of it or one part
    Setup {
        /// What to set up
        part: Option<Part>,
    },
    /// Set up what is missing and run every test
    Test(TestOptions),
    /// Check formatting, lints, documentation, licences
    Lint,
    /// Measure speed and size of the optimised portal on both databases and write them into the README
    Bench {
        /// Offerings and organizations; ten times as many resources. Only the usual size is written down
        #[arg(long, default_value_t = crate::bench::SIZE)]
        size: u32,
        /// Measure what was built before
        #[arg(long)]
        built: bool,
    },
    /// Try what puts portals down while somebody else reads pages, on both databases, and write into the README how
    /// long these took
    Attack {
        /// Another portal than the optimised one of this folder; then nothing is built or written down
        #[arg(long, value_name = "FILE")]
        program: Option<PathBuf>,
    },
    /// Fill in forms and call the API as nine people, as meant and as not meant, on both databases
    FuzzForms(FuzzFormsOptions),
    /// Give parsers of what comes from outside bytes that reach ever more of their code
    FuzzParsers(FuzzParsersOptions),
    /// Print the sizes of files and functions; fails when a limit is broken
    Sizes,
    /// A real single-node SLURM on loopback
    #[command(subcommand)]
    Slurm(SlurmCommand),
}

#[derive(Args)]
pub(crate) struct FuzzFormsOptions {
    /// How many requests are sent on each database
    #[arg(long, default_value_t = 20_000)]
    pub(crate) requests: u32,
    /// What all random numbers follow from; every 4,000 requests the next one is taken
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many rounds of 4,000 go on at once on each database, each with a portal of its own
    #[arg(long, default_value_t = 1)]
    pub(crate) at_once: u8,
    /// Another portal than the one that the tests try; then nothing is built
    #[arg(long, value_name = "FILE")]
    pub(crate) program: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct FuzzParsersOptions {
    /// How long each parser is tried
    #[arg(long, default_value_t = 10)]
    pub(crate) minutes: u32,
    /// Only these parsers; more than one may be named, with commas
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Put inputs that reach what no kept one reaches into `server/fuzz/corpus`, while there is room
    #[arg(long)]
    pub(crate) keep: bool,
}

#[derive(Args)]
pub(crate) struct TestOptions {
    /// Only these kinds of tests; more than one may be named, with commas
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    pub(crate) only: Vec<Kind>,
    #[command(flatten)]
    pub(crate) lab: LabPlace,
}

/// Something a machine needs for building or testing.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Part {
    /// A C compiler and linker
    Build,
    /// A compiler for the browser's half
    Wasm,
    /// Chromium, Node and the packages of the browser tests
    Browser,
    /// PostgreSQL
    Postgres,
    /// SLURM, munge and MariaDB
    Slurm,
    /// Programs that read PDFs
    Pdf,
    /// Schemathesis
    Fuzz,
    /// Generators of clients and readers of the API's description
    Clients,
    /// A load generator
    Bench,
}

impl Part {
    pub(crate) const ALL: [Self; 9] = [
        Self::Build,
        Self::Wasm,
        Self::Browser,
        Self::Postgres,
        Self::Slurm,
        Self::Pdf,
        Self::Fuzz,
        Self::Clients,
        Self::Bench,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Build => "a C compiler and linker",
            Self::Wasm => "a compiler for wasm",
            Self::Browser => "the browser tests",
            Self::Postgres => "PostgreSQL",
            Self::Slurm => "SLURM",
            Self::Pdf => "programs that read PDFs",
            Self::Fuzz => "schemathesis",
            Self::Clients => "generated clients",
            Self::Bench => "a load generator",
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum SlurmCommand {
    /// Start what is not running and wait until jobs can run
    Up {
        #[command(flatten)]
        place: LabPlace,
        /// Unix users who shall be able to submit jobs; created when missing
        #[arg(long, num_args = 1.., value_name = "NAME")]
        user: Vec<String>,
    },
    /// Cancel all jobs and stop what `up` started
    Down {
        #[command(flatten)]
        place: LabPlace,
        /// Remove the state, the links in /etc/slurm and the created users as well
        #[arg(long)]
        purge: bool,
    },
    /// Say what is running; fails when no job could run
    Status {
        #[command(flatten)]
        place: LabPlace,
    },
}

#[derive(Args)]
pub(crate) struct LabPlace {
    /// Where all state of the SLURM laboratory lives
    #[arg(
        long = "dir",
        id = "dir",
        env = "STOA_SLURM_LAB",
        default_value = "/var/lib/stoa-slurm"
    )]
    pub(crate) dir: PathBuf,
}
