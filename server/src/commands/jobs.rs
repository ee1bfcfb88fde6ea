//! `stoa job`: what the workers do, and what they gave up.

use anyhow::Context;
use domain::{access::Actor, jobs::JobFilter};
use model::PageRequest;

use super::{output::say, refusal::refused};
use crate::{cli::JobCommand, config::Config, state};

pub(crate) async fn job(config: &Config, command: JobCommand) -> anyhow::Result<()> {
    let operations = state::open(config, false).await?;
    match command {
        JobCommand::List { state, limit } => {
            let filter = JobFilter {
                states: state.into_iter().collect(),
                ..JobFilter::default()
            };
            let request = PageRequest::first(limit);
            let page = operations
                .domain()
                .jobs()
                .list(&Actor::system(), &filter, &request)
                .await;
            for job in page.map_err(refused)?.items {
                say(&format!(
                    "{}\t{}\t{}\t{}\t{}",
                    job.id, job.state, job.kind, job.subject, job.last_error
                ))?;
            }
            Ok(())
        }
        JobCommand::Retry { job } => {
            let tried = operations.domain().jobs().try_again(&Actor::system(), job).await;
            tried.map_err(refused).with_context(|| format!("job {job}"))?;
            say(&format!("job {job} waits for a worker again"))
        }
    }
}
