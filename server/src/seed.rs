//! `stoa seed`: content to look at or to measure with, made through the same services as everything else, so that no rule
//! is passed by. Time is moved by hand: orders, usage and invoices of past months are made at their own dates.

mod bench;
mod clock;
mod content;
mod demo;
mod offerings;

use anyhow::Context;
use domain::{Operations, access::Actor};

use crate::{
    cli::{Seed, SeedArgs},
    commands::say,
    config::Config,
    state,
};

/// The password of everybody in the demo content. It is meant to be known.
const PASSWORD: &str = "marble columns at noon";
/// Is there when the content is whole, because it is made last.
const LAST: &str = "staff@stoa.example";

pub(crate) async fn seed(config: &Config, args: &SeedArgs) -> anyhow::Result<()> {
    let operations = state::open(config, false).await?;
    let whole = operations.accounts().find_by_email(LAST).await?.is_some();
    if whole {
        // A database that an earlier version filled says from now on what it is.
        operations.mark_demo().await?;
    } else {
        refuse_what_is_used(&operations).await?;
        // First of all: what is broken off midway has people with a known password, too.
        operations.mark_demo().await?;
        let clock = clock::MovedClock::behind(operations.clock().now());
        let moved = state::open_at(config, clock.clone()).await?;
        match args.what {
            Seed::Demo => demo::fill(&moved, &clock, config).await?,
            Seed::Bench => bench::fill(&moved, &clock, config, args.size).await?,
        }
    }
    logins(&operations).await
}

/// The content brings people whose password everybody knows, staff among them: never beside real people or their things.
async fn refuse_what_is_used(operations: &Operations) -> anyhow::Result<()> {
    anyhow::ensure!(
        !operations.accounts().has_people().await?,
        "this database has people already; `stoa seed` would add staff with a known password beside them, so it fills an \
         empty one only"
    );
    let anything = !operations.domain().catalogue().categories(None).await?.is_empty();
    anyhow::ensure!(
        !anything,
        "this database holds something already; `stoa seed` fills an empty one only"
    );
    Ok(())
}

async fn logins(operations: &Operations) -> anyhow::Result<()> {
    say(&format!("Sign in as (password of all: {PASSWORD}):"))?;
    for (email, what) in content::LOGINS {
        if operations.accounts().find_by_email(email).await?.is_some() {
            say(&format!("  {email:<34} {what}"))?;
        }
    }
    Ok(())
}

async fn actor(operations: &Operations, email: &str) -> anyhow::Result<Actor> {
    let id = operations.accounts().find_by_email(email).await?;
    let id = id.with_context(|| format!("nobody has the e-mail {email}"))?;
    Ok(operations.domain().access().actor_for(id).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_with_anybody_is_not_filled_and_is_no_demonstration() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::of(&[("data_dir", folder.path().to_str().unwrap())]).unwrap();
        let operations = state::open(&config, true).await.unwrap();
        let new = domain::access::accounts::NewUser {
            email: "ada@example.org".into(),
            name: "Ada".into(),
            username: "ada".into(),
            password: "vihmane teisipäev tuletornis".into(),
        };
        operations.accounts().create_user(new).await.unwrap();
        let args = SeedArgs {
            what: Seed::Demo,
            size: 1,
        };
        let refused = seed(&config, &args).await.unwrap_err().to_string();
        assert!(refused.contains("has people already"), "{refused}");
        assert!(!operations.is_demo().await.unwrap());
        assert!(operations.accounts().find_by_email(LAST).await.unwrap().is_none());
    }
}
