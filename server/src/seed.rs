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
const PASSWORD: &str = "demo-stoa-2026";
/// Is there when the content is whole, because it is made last.
const LAST: &str = "staff@stoa.example";

pub(crate) async fn seed(config: &Config, args: &SeedArgs) -> anyhow::Result<()> {
    let operations = state::open(config, false).await?;
    let whole = operations.accounts().find_by_email(LAST).await?.is_some();
    if !whole {
        let anything = !operations.domain().catalogue().categories(None).await?.is_empty();
        anyhow::ensure!(
            !anything,
            "this database holds something already; `stoa seed` fills an empty one only"
        );
        let clock = clock::MovedClock::behind(operations.clock().now());
        let moved = state::open_at(config, clock.clone()).await?;
        match args.what {
            Seed::Demo => demo::fill(&moved, &clock, config).await?,
            Seed::Bench => bench::fill(&moved, &clock, config, args.size).await?,
        }
    }
    logins(&operations).await
}

async fn logins(operations: &Operations) -> anyhow::Result<()> {
    say("Sign in as (password of all: demo-stoa-2026):")?;
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
