//! The short commands: each opens the database, does one thing through the services, and says what it did.

use std::{
    io::{Read, Write},
    process::ExitCode,
};

use anyhow::Context;
use domain::access::{Actor, NewGrant, accounts::NewUser};
use migrations::{Migrator, MigratorTrait};
use model::{Role, Scope};
use rand::distr::{Alphanumeric, SampleString};

use crate::{
    cli::{BillingCommand, MigrateArgs, TokenCommand, UserCommand},
    config::Config,
    rest, state,
};

/// Writes lines for the person at the terminal; the one place that does.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}").context("standard output is closed")
}

pub(crate) fn openapi() -> anyhow::Result<ExitCode> {
    say(&rest::description().to_pretty_json()?)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn migrate(config: &Config, args: &MigrateArgs) -> anyhow::Result<()> {
    std::fs::create_dir_all(&config.storage.data_dir)?;
    let db = domain::connect::connect_to_migrate(config.storage.database_url.reveal()).await?;
    if args.status {
        let pending = Migrator::get_pending_migrations(&db).await?;
        let all = Migrator::migrations().len();
        return say(&format!(
            "{} of {all} steps done",
            all.saturating_sub(pending.len())
        ));
    }
    if let Some(steps) = args.down {
        Migrator::down(&db, Some(steps)).await?;
        return say(&format!("took back {steps} step(s)"));
    }
    let pending = Migrator::get_pending_migrations(&db).await?.len();
    Migrator::up(&db, None).await?;
    say(&format!("the schema is up to date ({pending} step(s) done now)"))
}

pub(crate) async fn user(config: &Config, command: UserCommand) -> anyhow::Result<()> {
    let UserCommand::Add {
        email,
        name,
        username,
        staff,
        password_stdin,
    } = command;
    let domain = state::open(config, false).await?;
    let typed = if password_stdin {
        Some(line_of_stdin()?)
    } else {
        None
    };
    let password = typed
        .clone()
        .unwrap_or_else(|| Alphanumeric.sample_string(&mut rand::rng(), 20));
    let username = username.unwrap_or_else(|| username_of(&email));
    let user = domain
        .accounts()
        .create_user(NewUser {
            email: email.clone(),
            name,
            username,
            password: password.clone(),
        })
        .await?;
    if staff {
        let grant = NewGrant {
            user,
            role: Role::Staff,
            scope: Scope::System,
            expires_at: None,
            reason: "added on the command line".to_owned(),
        };
        domain.access().grant(&Actor::system(), grant).await?;
    }
    match typed {
        Some(_) => say(&format!("added {email}")),
        None => say(&format!("added {email}; first password: {password}")),
    }
}

pub(crate) async fn token(config: &Config, command: TokenCommand) -> anyhow::Result<()> {
    let TokenCommand::Add {
        user,
        scope,
        days,
        name,
    } = command;
    let domain = state::open(config, false).await?;
    let owner = domain.accounts().find_by_email(&user).await?;
    let owner = owner.with_context(|| format!("nobody has the e-mail {user}"))?;
    let actor = domain.access().actor_for(owner).await?;
    let expires_at = domain.clock().now() + chrono::Duration::days(days.into());
    let (_, secret) = domain
        .accounts()
        .create_token(&actor, &name, &scope, expires_at)
        .await?;
    say(&secret)
}

/// Fails when somebody could not be invoiced, after saying who, why and what to do.
pub(crate) async fn billing(config: &Config, command: &BillingCommand) -> anyhow::Result<ExitCode> {
    let BillingCommand::Close { month } = command;
    let domain = state::open(config, false).await?;
    let report = domain.billing().close(&Actor::system(), *month).await?;
    for one in &report.issued {
        let name = one.number.as_deref().unwrap_or("without number");
        say(&format!(
            "{} {name} of {}: {} to {}, {} {}",
            one.kind.label(),
            one.month,
            one.provider_name,
            one.organization_name,
            one.total,
            one.currency
        ))?;
    }
    for one in &report.failed {
        for reason in &one.reasons {
            say(&format!(
                "not issued: {} to {}, {}: {}",
                one.provider_name, one.organization_name, one.month, reason.message
            ))?;
        }
    }
    say(&format!(
        "{month}: {} issued, {} issued before, {} could not be",
        report.issued.len(),
        report.already,
        report.failed.len()
    ))?;
    if report.failed.is_empty() {
        Ok(ExitCode::SUCCESS)
    } else {
        say("correct what is named above, then close the month again")?;
        Ok(ExitCode::FAILURE)
    }
}

pub(crate) async fn verify(config: &Config) -> anyhow::Result<ExitCode> {
    let domain = state::open(config, false).await?;
    let findings = domain.verify().run().await?;
    for finding in &findings {
        say(&format!(
            "invariant {}: {}: {}",
            finding.invariant, finding.subject, finding.text
        ))?;
    }
    if findings.is_empty() {
        say("verify: clean")?;
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("verify: {} finding(s)", findings.len()))?;
    Ok(ExitCode::FAILURE)
}

fn line_of_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// `anna.tamm@example.org` becomes `anna_tamm`.
fn username_of(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    local
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .take(32)
        .collect()
}
