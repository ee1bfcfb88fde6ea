//! The short commands: each opens the database, does one thing through the services, and says what it did.

mod jobs;
mod output;
mod people;
mod refusal;
mod tokens;

use std::process::ExitCode;

use domain::access::Actor;
use migrations::{Migrator, MigratorTrait};

use self::refusal::refused;
pub(crate) use self::{jobs::job, output::say, people::user, refusal::explained, tokens::token};
use crate::{
    cli::{BillingCommand, KeyCommand, MigrateArgs},
    config::Config,
    one_process::OneProcess,
    rest, state,
};

pub(crate) fn openapi() -> anyhow::Result<ExitCode> {
    say(&serde_json::to_string_pretty(&rest::description())?)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn migrate(config: &Config, args: &MigrateArgs) -> anyhow::Result<()> {
    let db = state::database_to_migrate(config).await?;
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

/// Fails when somebody could not be invoiced, after saying who, why and what to do.
pub(crate) async fn billing(config: &Config, command: &BillingCommand) -> anyhow::Result<ExitCode> {
    let BillingCommand::Close { month } = command;
    let operations = state::open(config, false).await?;
    let report = operations
        .domain()
        .billing()
        .close(&Actor::system(), *month)
        .await
        .map_err(refused)?;
    for one in &report.issued {
        let name = one.number.as_deref().unwrap_or("without number");
        say(&format!(
            "{} {name} of {}: {} to {}, {}",
            one.kind.label(),
            one.month,
            one.provider_name,
            one.organization_name,
            model::Money::from_fixed(one.total, one.currency)
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

pub(crate) async fn key(config: &Config, command: &KeyCommand) -> anyhow::Result<()> {
    let operations = state::open(config, false).await?;
    let id = operations.secret_key_id();
    match command {
        KeyCommand::Show => say(&format!("the secret key has the id {id}")),
        KeyCommand::Rotate => {
            // A server that runs would go on sealing with the key before.
            let _alone = OneProcess::begin(&config.storage)?;
            let count = operations.rotate_secret_key().await?;
            say(&format!(
                "{count} secret(s) were sealed anew with the key {id}; the previous key is needed no longer"
            ))
        }
    }
}

pub(crate) async fn verify(config: &Config) -> anyhow::Result<ExitCode> {
    let operations = state::open(config, false).await?;
    let findings = operations.verify().run().await?;
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
