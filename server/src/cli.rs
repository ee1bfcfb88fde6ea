//! The command line of the one binary.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use model::{GrantId, JobId, JobState, Month, Role, Scope, TokenId, TokenScope};

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
    /// See the jobs, and try those again that were given up.
    Job {
        #[command(subcommand)]
        command: JobCommand,
    },
    /// Close months.
    Billing {
        #[command(subcommand)]
        command: BillingCommand,
    },
    /// Change the key that protects stored secrets.
    Key {
        #[command(subcommand)]
        command: KeyCommand,
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
    /// Only say how many steps are done and how many are left.
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
    /// Add a person; asks for nothing, makes and prints a first password unless --password-stdin is given.
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
    /// List people with their roles.
    List {
        /// Only those whose name, address or user name holds this.
        #[arg(default_value = "")]
        search: String,
    },
    /// Give somebody another password: a new one is made and printed, unless --password-stdin is given.
    Password {
        /// Whose.
        email: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give somebody a role.
    Grant {
        /// Whom.
        email: String,
        /// Which role.
        #[arg(value_parser = role)]
        role: Role,
        /// On what, as `organization=ID`, `project=ID`, `provider=ID` or `offering=ID`; the installation when not given.
        #[arg(long, value_parser = scope_of, default_value = "system")]
        on: Scope,
        /// Why.
        #[arg(long, default_value = "on the command line")]
        reason: String,
    },
    /// Change the last day of a role that somebody holds; it is held throughout.
    LastDay {
        /// The grant, as `grants` lists it.
        grant: GrantId,
        /// The last day, which is included, in UTC; without one the role has no end.
        day: Option<chrono::NaiveDate>,
        /// Why.
        #[arg(long, default_value = "on the command line")]
        reason: String,
    },
    /// List who holds a role on something.
    Grants {
        /// On what, as for `grant`.
        #[arg(long, value_parser = scope_of, default_value = "system")]
        on: Scope,
    },
    /// Deactivate somebody at once: sessions and tokens end, backends give no access. Roles stay.
    Deactivate {
        /// Whom.
        email: String,
        /// Why.
        #[arg(long, default_value = "on the command line")]
        reason: String,
    },
    /// Reactivate somebody, with the password and the roles of before.
    Reactivate {
        /// Whom.
        email: String,
        /// Why.
        #[arg(long, default_value = "on the command line")]
        reason: String,
    },
    /// Take a role away.
    Revoke {
        /// The grant, as `grants` lists it.
        grant: GrantId,
        /// Why.
        #[arg(long, default_value = "on the command line")]
        reason: String,
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
        #[arg(long, required = true, value_parser = token_scope)]
        scope: Vec<TokenScope>,
        /// Days until it ends.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=model::LONGEST_TOKEN_DAYS))]
        days: u32,
        /// What to call it.
        #[arg(long, default_value = "command line")]
        name: String,
    },
    /// List somebody's tokens.
    List {
        /// Whose.
        #[arg(long, value_name = "E-MAIL")]
        user: String,
    },
    /// End a token at once.
    Revoke {
        /// Whose token it is.
        #[arg(long, value_name = "E-MAIL")]
        user: String,
        /// The token, as `list` lists it.
        token: TokenId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum JobCommand {
    /// List jobs: those that need somebody first, then the newest.
    List {
        /// Only in this state: queued, leased, done or dead.
        #[arg(long, value_parser = job_state)]
        state: Option<JobState>,
        /// How many at most.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100))]
        limit: u32,
    },
    /// Try a dead letter again.
    Retry {
        /// The job, as `list` lists it.
        job: JobId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Tell the id of the key that seals.
    Show,
    /// Seal every stored secret with the present key. Start with the new key as the secret key and the old one as the
    /// previous secret key; both open until this is done.
    Rotate,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BillingCommand {
    /// Close a month that is over: freeze usage, number and issue its invoices.
    Close {
        /// The month, as 2026-10.
        month: Month,
    },
}

fn token_scope(text: &str) -> Result<TokenScope, String> {
    let known = TokenScope::ALL.iter().map(|one| one.as_str());
    TokenScope::parse(text).ok_or_else(|| none_called("scope", text, known))
}

fn role(text: &str) -> Result<Role, String> {
    let known = Role::ALL.iter().map(|one| one.as_str());
    Role::parse(text).ok_or_else(|| none_called("role", text, known))
}

fn job_state(text: &str) -> Result<JobState, String> {
    let known = JobState::ALL.iter().map(|one| one.as_str());
    JobState::parse(text).ok_or_else(|| none_called("state", text, known))
}

fn none_called(what: &str, text: &str, known: impl Iterator<Item = &'static str>) -> String {
    let known: Vec<&str> = known.collect();
    format!("there is no {what} “{text}”; there are {}", known.join(", "))
}

fn scope_of(text: &str) -> Result<Scope, String> {
    if text == "system" {
        return Ok(Scope::System);
    }
    let (kind, id) = text.split_once('=').unwrap_or((text, ""));
    let not_an_id = |_| format!("“{id}” is no id; expected {kind}=0190aaaa-0000-7000-8000-000000000001");
    match kind {
        "organization" => id.parse().map(Scope::Organization).map_err(not_an_id),
        "project" => id.parse().map(Scope::Project).map_err(not_an_id),
        "provider" => id.parse().map(Scope::Provider).map_err(not_an_id),
        "offering" => id.parse().map(Scope::Offering).map_err(not_an_id),
        _ => Err(format!(
            "“{text}” is nothing that a role can be on; expected system, or organization, project, provider or offering \
             with an id, as project=0190aaaa-0000-7000-8000-000000000001"
        )),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn values_are_read_and_unknown_ones_are_refused_with_those_that_there_are() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        for (line, right) in [
            (vec!["stoa", "billing", "close", "2026-10"], true),
            (vec!["stoa", "billing", "close", "2026-13"], false),
            (
                vec![
                    "stoa",
                    "user",
                    "grant",
                    "a@b.example",
                    "project_admin",
                    "--on",
                    id,
                ],
                false,
            ),
            (vec!["stoa", "job", "list", "--state", "dead"], true),
            (vec!["stoa", "token", "add", "--user", "a@b.example"], false),
        ] {
            assert_eq!(Cli::try_parse_from(&line).is_ok(), right, "{line:?}");
        }
        assert_eq!(scope_of("system"), Ok(Scope::System));
        assert_eq!(
            scope_of(&format!("project={id}")),
            Ok(Scope::Project(id.parse().unwrap()))
        );
        assert!(scope_of("house=1").unwrap_err().contains("expected system"));
        assert!(role("king").unwrap_err().contains("project_admin"));
        assert!(job_state("lost").unwrap_err().contains("dead"));
        assert!(token_scope("all").unwrap_err().contains("read"));
    }
}
