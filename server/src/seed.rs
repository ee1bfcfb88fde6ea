//! `stoa seed`: content to look at or to measure with, made through the same services as everything else, so that no rule
//! is passed by. Time is moved by hand: orders, usage and invoices of past months are made at their own dates.

mod bench;
mod clock;
mod content;
mod demo;
mod offerings;

use anyhow::Context;
use domain::{Domain, access::Actor};

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
    let domain = state::open(config, false).await?;
    let whole = domain.accounts().find_by_email(LAST).await?.is_some();
    if !whole {
        let anything = !domain.catalogue().categories(None).await?.is_empty();
        anyhow::ensure!(
            !anything,
            "this database holds something already; `stoa seed` fills an empty one only"
        );
        let clock = clock::MovedClock::behind(domain.clock().now());
        let moved = state::open_at(config, clock.clone()).await?;
        match args.what {
            Seed::Demo => demo::fill(&moved, &clock, config).await?,
            Seed::Bench => bench::fill(&moved, &clock, config, args.size).await?,
        }
    }
    logins(&domain).await
}

async fn logins(domain: &Domain) -> anyhow::Result<()> {
    say("Sign in as (password of all: demo-stoa-2026):")?;
    for (email, what) in content::LOGINS {
        if domain.accounts().find_by_email(email).await?.is_some() {
            say(&format!("  {email:<34} {what}"))?;
        }
    }
    Ok(())
}

async fn actor(domain: &Domain, email: &str) -> anyhow::Result<Actor> {
    let id = domain.accounts().find_by_email(email).await?;
    let id = id.with_context(|| format!("nobody has the e-mail {email}"))?;
    Ok(domain.access().actor_for(id).await?)
}
