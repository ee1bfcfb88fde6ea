//! `stoa token`: what programs sign in with.

use anyhow::Context;
use domain::{Operations, access::Actor};

use super::{output::say, people::person, refusal::refused};
use crate::{cli::TokenCommand, config::Config, state};

pub(crate) async fn token(config: &Config, command: TokenCommand) -> anyhow::Result<()> {
    let operations = state::open(config, false).await?;
    match command {
        TokenCommand::Add {
            user,
            scope,
            days,
            name,
        } => {
            let owner = owner(&operations, &user).await?;
            let expires_at = operations.clock().now() + chrono::Duration::days(days.into());
            let made = operations
                .accounts()
                .issue_token(&owner, &name, &scope, expires_at)
                .await;
            let (_, secret) = made.map_err(refused)?;
            say(&secret)
        }
        TokenCommand::List { user } => list(&operations, &user).await,
        TokenCommand::Revoke { user, token } => {
            let person = person(&operations, &user).await?;
            let revoked = operations.accounts().revoke_token_of(person, token).await;
            revoked
                .map_err(refused)
                .with_context(|| format!("token {token} of {user}"))?;
            say(&format!("token {token} no longer works"))
        }
    }
}

async fn owner(operations: &Operations, email: &str) -> anyhow::Result<Actor> {
    let person = person(operations, email).await?;
    operations
        .domain()
        .access()
        .actor_for(person)
        .await
        .map_err(refused)
}

async fn list(operations: &Operations, email: &str) -> anyhow::Result<()> {
    let person = person(operations, email).await?;
    for token in operations.accounts().tokens_of(person).await.map_err(refused)? {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let state = match token.revoked_at {
            Some(at) => format!("revoked {at}"),
            None => format!("until {}", token.expires_at),
        };
        say(&format!(
            "{}\t{}…\t{}\t{}\t{state}",
            token.id,
            token.prefix,
            token.name,
            scopes.join(",")
        ))?;
    }
    Ok(())
}
